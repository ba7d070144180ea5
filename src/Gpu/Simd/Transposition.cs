using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd;

/// <summary>Transposes rows into the panels that the microkernel reads.</summary>
internal static unsafe class Transposition
{
    private const int Square = 4;

    /// <summary>
    /// <c>target[k * width + r] = source[r * stride + k]</c> for r below <paramref name="rows"/>, zero from there to
    /// <paramref name="width"/>, for k below <paramref name="steps"/>; nothing else is read or written.
    /// </summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">The number of rows, 1 to <paramref name="width"/>.</param>
    /// <param name="steps">Elements of a row.</param>
    /// <param name="target">Where the panel goes.</param>
    /// <param name="width">The width of the panel, 4 at least.</param>
    public static void Run(float* source, long stride, int rows, int steps, float* target, int width)
    {
        int whole = steps & -Square;
        for (int k = 0; k < whole; k += Square)
        {
            for (int row = Lanes.TransposeFour(source + k, stride, rows, target + (long)k * width, width); row < width; row += Square)
            {
                // The last square of a width of 6 overlaps the one before, with the same numbers.
                int r = Math.Min(row, width - Square);
                float* first = source + r * stride + k;
                float* place = target + (long)k * width + r;
                Lanes.Transpose(
                    Load(first, r, rows), Load(first + stride, r + 1, rows), Load(first + 2 * stride, r + 2, rows),
                    Load(first + 3 * stride, r + 3, rows),
                    place, place + width, place + 2 * width, place + 3 * width);
            }
        }
        for (int k = whole; k < steps; k++)
        {
            for (int r = 0; r < width; r++)
                target[(long)k * width + r] = r < rows ? source[r * stride + k] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(float* source, int row, int rows) => row < rows ? Vector128.Load(source) : default;
}
