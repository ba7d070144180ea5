using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Adds the parts of a convolution's sums in order, then the bias, and stores them after the epilogue. One thread four pixels,
/// grid (pixels of an image and channel, channels, images).
/// </summary>
internal static class ConvolutionPartSums
{
    /// <summary>Pixels of a thread.</summary>
    public const int Pixels = 4;

    [Kernel]
    internal static void Run(
        ArrayView<float> sums, ArrayView<float> packed, ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y,
        ConvolutionScalars s)
    {
        int pixel = Pixels * KernelMath.GlobalIndex();
        int output = Grid.IdxY;
        int count = s.Pixels - pixel;
        if (count <= 0)
            return;
        int at = (Grid.IdxZ * s.Outputs + output) * s.Pixels + pixel;
        int next = s.Images.Value * s.Outputs * s.Pixels;
        int vectors = (s.Pixels & 3) == 0 ? 1 : 0;
        Float4 sum = Float4.All(packed[s.BiasOffset + output]);
        // Four loads at a time, so that it does not take as many latencies as there are parts.
        int parts = s.Parts;
        for (; parts >= 4; parts -= 4)
        {
            Float4 first = ConvolutionStore.Load(sums, at, count, vectors);
            Float4 second = ConvolutionStore.Load(sums, at + next, count, vectors);
            Float4 third = ConvolutionStore.Load(sums, at + 2 * next, count, vectors);
            Float4 fourth = ConvolutionStore.Load(sums, at + 3 * next, count, vectors);
            sum = sum + first + second + third + fourth;
            at += 4 * next;
        }
        for (; parts > 0; parts--)
        {
            sum += ConvolutionStore.Load(sums, at, count, vectors);
            at += next;
        }
        ConvolutionStore.Store(residual, multiplier, y, Grid.IdxZ, output, pixel, sum, s);
    }
}
