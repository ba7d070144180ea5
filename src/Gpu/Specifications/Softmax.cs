namespace SpGpu.Gpu;

/// <summary>
/// Softmax over channels: <c>y[c] = e^(x[c] - m) / sum over k of e^(x[k] - m)</c>, m the largest x of the pixel.
/// <para>Input: x (N,C,H,W). Output: N,C,H,W.</para>
/// </summary>
public sealed record Softmax : Specification
{
    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 5;
}
