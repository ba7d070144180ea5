using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Transforms filters of 3x3 to 6x6, from and to the layout of the microkernel. That happens anew in every run: it
/// takes a few percent of the product's time, and stored transforms would take four times the memory of the filters.
/// </summary>
internal static unsafe class WinogradFilter
{
    private const int Taps = 9;

    private const int Side = WinogradTiling.Inputs;

    /// <summary>Transforms one block of output channels.</summary>
    /// <param name="filter">The first tap of the block's first input channel in the layout of <see cref="ConvolutionFilter"/>.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="target">Number 0 of the 36: for each input channel the output channels of the block.</param>
    /// <param name="numberStride">From one of the 36 numbers to the next; whole vectors run over the last channel.</param>
    public static void Run(float* filter, int channels, float* target, long numberStride)
    {
        int rows = Microkernel.Rows;
        for (int c = 0; c < channels; c++)
        {
            for (int r = 0; r < rows; r += Vector<float>.Count)
                Transform(filter + (long)c * Taps * rows + r, rows, target + c * rows + r, numberStride);
        }
    }

    [SkipLocalsInit]
    private static void Transform(float* taps, int rows, float* target, long numberStride)
    {
        float* columns = stackalloc float[3 * Side * Vector<float>.Count];
        for (int v = 0; v < 3; v++)
        {
            WinogradTransform.Filter(
                Vector.Load(taps + v * rows), Vector.Load(taps + (3 + v) * rows), Vector.Load(taps + (6 + v) * rows),
                out Vector<float> u0, out Vector<float> u1, out Vector<float> u2, out Vector<float> u3, out Vector<float> u4,
                out Vector<float> u5);
            float* column = columns + v * Side * Vector<float>.Count;
            u0.Store(column);
            u1.Store(column + Vector<float>.Count);
            u2.Store(column + 2 * Vector<float>.Count);
            u3.Store(column + 3 * Vector<float>.Count);
            u4.Store(column + 4 * Vector<float>.Count);
            u5.Store(column + 5 * Vector<float>.Count);
        }
        for (int row = 0; row < Side; row++)
        {
            float* from = columns + row * Vector<float>.Count;
            WinogradTransform.Filter(
                Vector.Load(from), Vector.Load(from + Side * Vector<float>.Count), Vector.Load(from + 2 * Side * Vector<float>.Count),
                out Vector<float> u0, out Vector<float> u1, out Vector<float> u2, out Vector<float> u3, out Vector<float> u4,
                out Vector<float> u5);
            float* to = target + row * Side * numberStride;
            u0.Store(to);
            u1.Store(to + numberStride);
            u2.Store(to + 2 * numberStride);
            u3.Store(to + 3 * numberStride);
            u4.Store(to + 4 * numberStride);
            u5.Store(to + 5 * numberStride);
        }
    }
}
