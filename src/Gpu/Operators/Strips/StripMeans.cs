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

    /// <inheritdoc/>
    private protected override string Describe() => Name + (OverHeight ? OverWidth ? "" : " over height" : " over width");
}

/// <summary>
/// The gradient of <see cref="StripMeans"/>: <c>dx[n,c,h,w] = da[n,c,h] / W + db[n,c,w] / H</c>, without the term of a
/// mean that was not wanted.
/// <para>Inputs: the gradients of the wanted means, da (N,C,H,1) first, db (N,C,1,W). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Plane">H and W.</param>
/// <param name="OverWidth">Whether there was a mean over W.</param>
/// <param name="OverHeight">Whether there was a mean over H.</param>
public sealed record StripMeansGradient(Size2D Plane, bool OverWidth = true, bool OverHeight = true) : Specification
{
    /// <inheritdoc/>
    public override string Name => "strip means gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, (OverWidth ? 1 : 0) + (OverHeight ? 1 : 0));
        if (inputs.Length == 0)
            throw new ShapeException($"{Name}: at least one of the two means must have been wanted");
        Shape x = inputs[0] with { H = Plane.Height, W = Plane.Width };
        x.Checked($"the output of {Name}");
        if (OverWidth)
            RequireSame(x with { W = 1 }, inputs[0], "the gradient of the mean over W");
        if (OverHeight)
            RequireSame(x with { H = 1 }, inputs[^1], "the gradient of the mean over H");
        return [x];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Infer(inputs)[0].Count * inputs.Length;

    /// <inheritdoc/>
    private protected override string Describe() => $"gradient of {new StripMeans(OverWidth, OverHeight)} to {Plane}";
}
