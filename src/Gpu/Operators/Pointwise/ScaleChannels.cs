namespace SpGpu.Gpu;

/// <summary>
/// Every channel of every image times a number of its own, <c>y[n,c,h,w] = x[n,c,h,w] * m[n,c]</c>: Dropout2d in
/// training with m = 0 or 1 / (1 - p); its gradient is the same operator.
/// <para>Inputs: x (N,C,H,W), m (N,C,1,1). Output: N,C,H,W.</para>
/// </summary>
public sealed record ScaleChannels : Specification
{
    /// <inheritdoc/>
    public override string Name => "scale channels";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(inputs[0] with { H = 1, W = 1 }, inputs[1], "the factors");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count;
}
