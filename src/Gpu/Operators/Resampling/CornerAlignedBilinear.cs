namespace SpGpu.Gpu;

/// <summary>
/// Bilinear interpolation with aligned corners: output row i reads row r = i * (H-1)/(H'-1) (row 0 where H' = 1),
/// between floor(r) and the next, with weights in float32; columns likewise.
/// <para>Input: x (N,C,H,W). Output: N,C,H',W'.</para>
/// </summary>
/// <param name="Output">The size of the output plane.</param>
public sealed record CornerAlignedBilinear(Size2D Output) : Specification
{
    /// <inheritdoc/>
    public override string Name => "corner-aligned bilinear";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Output.Height < 1 || Output.Width < 1)
            throw new ShapeException($"{Name}: an output of {Output} is empty");
        return [inputs[0] with { H = Output.Height, W = Output.Width }];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Infer(inputs)[0].Count * 8;

    /// <summary>The step between source positions of neighbouring outputs along one axis.</summary>
    internal static float Step(int input, int output) => output > 1 ? (float)(input - 1) / (output - 1) : 0f;

    /// <inheritdoc/>
    private protected override string Describe() => $"{Name} to {Output}";
}

/// <summary>
/// The gradient of <see cref="CornerAlignedBilinear"/>: dx at an element is the sum over the outputs that read it of dy times the
/// weight with which they read it.
/// <para>Input: dy (N,C,H',W'). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Plane">H and W.</param>
public sealed record CornerAlignedBilinearGradient(Size2D Plane) : Specification
{
    /// <inheritdoc/>
    public override string Name => "corner-aligned bilinear gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [(inputs[0] with { H = Plane.Height, W = Plane.Width }).Checked($"the output of {Name}")];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 8;

    /// <inheritdoc/>
    private protected override string Describe() => $"{Name} to {Plane}";
}
