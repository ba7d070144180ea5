namespace SpGpu.Gpu;

/// <summary>
/// Bilinear interpolation: output row i lies at row r of the input, which the rule says (<see cref="ResizeRule"/>), and is
/// <c>(1 - w) * x[floor(r)] + w * x[floor(r) + 1]</c>, w = r - floor(r), with weights in float32; columns likewise.
/// <para>Input: x (N,C,H,W). Output: N,C,H',W'.</para>
/// </summary>
/// <param name="Output">The size of the output plane.</param>
/// <param name="Rule">Where its pixels lie in the input plane.</param>
public sealed record Bilinear(Size2D Output, ResizeRule Rule = ResizeRule.CornerAligned) : Specification
{
    /// <inheritdoc/>
    public override string Name => Rule == ResizeRule.HalfPixel ? "half-pixel bilinear" : "corner-aligned bilinear";

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

    /// <inheritdoc/>
    private protected override string Describe() => $"{Name} to {Output}";
}

/// <summary>
/// The gradient of <see cref="Bilinear"/>: dx at an element is the sum over the outputs that read it of dy times the
/// weight with which they read it.
/// <para>Input: dy (N,C,H',W'). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Plane">H and W.</param>
/// <param name="Rule">The rule of the interpolation.</param>
public sealed record BilinearGradient(Size2D Plane, ResizeRule Rule = ResizeRule.CornerAligned) : Specification
{
    /// <inheritdoc/>
    public override string Name => Rule == ResizeRule.HalfPixel ? "half-pixel bilinear gradient" : "corner-aligned bilinear gradient";

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
