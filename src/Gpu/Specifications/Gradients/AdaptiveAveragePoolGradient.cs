namespace SpGpu.Gpu;

/// <summary>
/// The gradient of <see cref="AdaptiveAveragePool"/>: dx at a pixel is the sum, over the bins that hold it, of dy of the
/// bin divided by the bin's number of pixels.
/// <para>Input: dy (N,C,O.Height,O.Width). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Plane">H and W.</param>
public sealed record AdaptiveAveragePoolGradient(Size2D Plane) : Specification
{
    /// <inheritdoc/>
    public override string Name => "adaptive average pool gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [(inputs[0] with { H = Plane.Height, W = Plane.Width }).Checked($"the output of {Name}")];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => 2 * Math.Max(inputs[0].Count, Infer(inputs)[0].Count);
}
