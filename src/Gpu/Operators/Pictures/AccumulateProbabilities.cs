namespace SpGpu.Gpu;

/// <summary>
/// Sliding windows: adds softmax(up(x)) of one window to a map of probabilities,
/// <c>y[c, i, j] += softmax over c of up(x)[c, i, j]</c> for i &lt; window height, j &lt; window width; up as
/// <see cref="Gpu.Bilinear"/>; optionally mirrored left to right, for the mirrored image of flip testing.
/// <para>Input: x (1,C,h,w). Output: the map, 1,C,H,W, which is read and written; its tensor's offset is moved by
/// row * W + column to where the window starts.</para>
/// </summary>
/// <param name="Window">The size of the window in the map.</param>
/// <param name="Map">The size of the map's planes, H and W.</param>
/// <param name="Mirrored">Whether column j of the map takes column (window width - 1 - j) of up(x).</param>
/// <param name="Rule">Where the window's pixels lie in the planes of x.</param>
public sealed record AccumulateProbabilities(
    Size2D Window, Size2D Map, bool Mirrored = false, ResizeRule Rule = ResizeRule.CornerAligned) : Specification
{
    /// <inheritdoc/>
    public override string Name => "accumulate probabilities";

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (inputs[0].N != 1)
            throw new ShapeException($"{Name} takes one image at a time, {inputs[0].N} given");
        if (Window.Height < 1 || Window.Width < 1 || Window.Height > Map.Height || Window.Width > Map.Width)
            throw new ShapeException($"{Name}: a window of {Window} does not fit a map of {Map}");
        return [new Shape(1, inputs[0].C, Map.Height, Map.Width)];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => (long)Window.Height * Window.Width * inputs[0].C * 14;

    /// <inheritdoc/>
    public override long Bytes(ReadOnlySpan<Shape> inputs) => 4 * (inputs[0].Count + 2L * Window.Height * Window.Width * inputs[0].C);

    /// <inheritdoc/>
    internal override long Reach(Shape output) =>
        (output.C - 1) * (long)output.Plane + (Window.Height - 1) * (long)Map.Width + Window.Width;

    /// <inheritdoc/>
    private protected override string Describe() => $"{Name} {Window} in {Map}{(Mirrored ? " mirrored" : "")}{Rule.Suffix()}";
}
