using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Transforms filters of 3x3 to 6x6, from and to the layout of the microkernel. That happens anew in every run: it
/// takes a few percent of the product's time, and stored transforms would take four times the memory of the filters.
/// Some input channels at a time are transformed down, then across: so six places are written at a time and not 36,
/// which are more than a processor fetches ahead.
/// </summary>
internal static unsafe class WinogradFilter
{
    private const int Taps = 9;

    private const int Side = WinogradTiling.Inputs;

    /// <summary>Elements of one number of the input channels between both transforms: 18 such runs are 19 KB.</summary>
    private const int RunLength = 256;

    /// <summary>What a last vector may reach beyond a run.</summary>
    private const int MostLanes = 16;

    /// <summary>Transforms one block of output channels.</summary>
    /// <param name="filter">The first tap of the block's first input channel in the layout of <see cref="ConvolutionFilter"/>.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="target">Number 0 of the 36: for each input channel the output channels of the block.</param>
    /// <param name="numberStride">From one of the 36 numbers to the next; whole vectors run over the last channel.</param>
    [SkipLocalsInit]
    public static void Run(float* filter, int channels, float* target, long numberStride)
    {
        float* columns = stackalloc float[3 * Side * (RunLength + MostLanes)];
        int rows = Microkernel.Rows;
        int most = RunLength / rows;
        for (int first = 0; first < channels; first += most)
        {
            int count = Math.Min(most, channels - first);
            TransformDown(filter + (long)first * Taps * rows, count, columns);
            TransformAcross(columns, count * rows, target + first * rows, numberStride);
        }
    }

    /// <summary>Three taps of each column to six numbers; vectors that run over a channel are followed by the next.</summary>
    private static void TransformDown(float* taps, int channels, float* columns)
    {
        int rows = Microkernel.Rows;
        for (int c = 0; c < channels; c++, taps += Taps * rows)
        {
            for (int r = 0; r < rows; r += Vector<float>.Count)
            {
                for (int v = 0; v < 3; v++)
                {
                    float* tap = taps + v * rows + r;
                    Transform(Vector.Load(tap), Vector.Load(tap + 3 * rows), Vector.Load(tap + 6 * rows),
                        columns + v * Side * (RunLength + MostLanes) + c * rows + r, RunLength + MostLanes);
                }
            }
        }
    }

    private static void TransformAcross(float* columns, int length, float* target, long numberStride)
    {
        const int Column = Side * (RunLength + MostLanes);
        for (int row = 0; row < Side; row++, columns += RunLength + MostLanes, target += Side * numberStride)
        {
            for (int j = 0; j < length; j += Vector<float>.Count)
                Transform(Vector.Load(columns + j), Vector.Load(columns + Column + j), Vector.Load(columns + 2 * Column + j), target + j,
                    numberStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(Vector<float> g0, Vector<float> g1, Vector<float> g2, float* target, long stride)
    {
        WinogradTransform.Filter(g0, g1, g2, out Vector<float> u0, out Vector<float> u1, out Vector<float> u2, out Vector<float> u3,
            out Vector<float> u4, out Vector<float> u5);
        u0.Store(target);
        u1.Store(target + stride);
        u2.Store(target + 2 * stride);
        u3.Store(target + 3 * stride);
        u4.Store(target + 4 * stride);
        u5.Store(target + 5 * stride);
    }
}
