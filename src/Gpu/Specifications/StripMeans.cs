namespace SpGpu.Gpu;

/// <summary>
/// Strip pooling (Hou et al., CVPR 2020): the mean over W, N,C,H,1, and the mean over H, N,C,1,W, both in one read.
/// <para>Input: x (N,C,H,W). Outputs: the wanted ones, the mean over W first.</para>
/// </summary>
/// <param name="OverWidth">Whether the mean over W is wanted.</param>
/// <param name="OverHeight">Whether the mean over H is wanted.</param>
public sealed record StripMeans(bool OverWidth = true, bool OverHeight = true) : Specification
{
    /// <inheritdoc/>
    public override string Name => "strip means";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        Shape x = inputs[0];
        return (OverWidth, OverHeight) switch
        {
            (true, true) => [x with { W = 1 }, x with { H = 1 }],
            (true, false) => [x with { W = 1 }],
            (false, true) => [x with { H = 1 }],
            _ => throw new ShapeException("strip means: at least one of the two means must be wanted"),
        };
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * ((OverWidth ? 1 : 0) + (OverHeight ? 1 : 0));
}
