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

/// <summary>
/// The gradient of <see cref="Softmax"/>: <c>dx[c] = y[c] * (dy[c] - sum over k of dy[k] * y[k])</c> at each pixel.
/// <para>Inputs: dy and the softmax y (N,C,H,W each). Output: dx, N,C,H,W.</para>
/// </summary>
public sealed record SoftmaxGradient : Specification
{
    /// <inheritdoc/>
    public override string Name => "softmax gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(inputs[0], inputs[1], "the softmax");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 4;
}
