namespace SpGpu.Gpu;

/// <summary>
/// The gradient of <see cref="Bilinear"/>: dx at an element is the sum over the outputs that read it of dy times the
/// weight with which they read it.
/// <para>Input: dy (N,C,H',W'). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Plane">H and W.</param>
public sealed record BilinearGradient(Size2D Plane) : Specification
{
    /// <inheritdoc/>
    public override string Name => "bilinear gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [(inputs[0] with { H = Plane.Height, W = Plane.Width }).Checked($"the output of {Name}")];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 8;
}
