namespace SpGpu.Gpu;

/// <summary>
/// PyTorch's MaxPool2d: the largest value under the window; padding counts as minus infinity; NaN wins.
/// <para>Input: x (N,C,H,W). Output: N,C,H',W' with H' = floor((H + 2p - k) / s) + 1, likewise W'.</para>
/// </summary>
/// <param name="Kernel">k.</param>
/// <param name="Stride">s.</param>
/// <param name="Padding">p, at most half of k.</param>
public sealed record MaxPool(int Kernel, int Stride, int Padding) : Specification
{
    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"max pool {Kernel}x{Kernel}");

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Kernel < 1 || Stride < 1 || Padding < 0 || 2 * Padding > Kernel)
            throw new ShapeException($"{Name}: stride {Stride} must be positive and padding {Padding} at most half the kernel");
        Shape x = inputs[0];
        if (x.H + 2 * Padding < Kernel || x.W + 2 * Padding < Kernel)
            throw new ShapeException($"{Name}: an input of {x} is smaller than the window; use a larger image");
        return [x with { H = (x.H + 2 * Padding - Kernel) / Stride + 1, W = (x.W + 2 * Padding - Kernel) / Stride + 1 }];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Infer(inputs)[0].Count * Kernel * Kernel;
}
