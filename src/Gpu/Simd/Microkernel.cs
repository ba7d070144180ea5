using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The inner loop of the convolution: <c>tile[r][j] = sum over k of a[k][r] * b[k][j]</c> for a tile of
/// <see cref="Rows"/> x <see cref="Columns"/>, all sums in registers. The tile shape follows the vector registers:
/// 12 x 32 in 24 of 32 registers of 512 bits, 6 x 16 in 12 of 16 of 256 bits, 6 x 8 in 12 of 16 of 128 bits; the others
/// hold a row of b and one broadcast element of a. Shorter tiles are for the last channels.
/// </summary>
internal static unsafe partial class Microkernel
{
    /// <summary>The widest tile of any processor, for buffers.</summary>
    public const int MostElements = 12 * 32;

    /// <summary>Rows of a short tile: 16 channels are 12 + 4 with 512 bits, 6 + 6 + 4 with 256.</summary>
    private const int ShortRows = 4;

    /// <summary>Rows of a tile of middle height of 512 bits: 32 channels are 12 + 12 + 8.</summary>
    private const int MiddleRows = 8;

    // Properties, not fields: the compiler knows their values wherever they are used, also before anything has run.

    /// <summary>Rows of a tile: output channels.</summary>
    public static int Rows => Vector512.IsHardwareAccelerated ? 12 : 6;

    /// <summary>Columns of a tile: output pixels.</summary>
    public static int Columns => Vector512.IsHardwareAccelerated ? 32 : Vector256.IsHardwareAccelerated ? 16 : 8;

    /// <summary>How many rows are computed where <paramref name="rows"/> are needed.</summary>
    public static int RowsFor(int rows) =>
        Vector256.IsHardwareAccelerated && rows <= ShortRows ? ShortRows
        : Vector512.IsHardwareAccelerated && rows <= MiddleRows ? MiddleRows
        : Rows;

    /// <summary>Computes <see cref="RowsFor"/> rows of a tile from <paramref name="count"/> steps of packed a and b.</summary>
    /// <param name="rows">The rows that are needed.</param>
    /// <param name="count">The number of steps.</param>
    /// <param name="a"><see cref="Rows"/> elements a step.</param>
    /// <param name="b"><see cref="Columns"/> elements a step.</param>
    /// <param name="store">Where the sums go, and what is added on the way.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int count, float* a, float* b, in TileStore store)
    {
        if (Vector512.IsHardwareAccelerated && rows <= ShortRows)
            Run512Short(count, a, b, store);
        else if (Vector512.IsHardwareAccelerated && rows <= MiddleRows)
            Run512Middle(count, a, b, store);
        else if (Vector512.IsHardwareAccelerated)
            Run512(count, a, b, store);
        else if (Vector256.IsHardwareAccelerated && rows <= ShortRows)
            Run256Short(count, a, b, store);
        else if (Vector256.IsHardwareAccelerated)
            Run256(count, a, b, store);
        else
            Run128(count, a, b, store);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run256(int count, float* a, float* b, in TileStore store)
    {
        Vector256<float> s0x0 = default, s0x1 = default;
        Vector256<float> s1x0 = default, s1x1 = default;
        Vector256<float> s2x0 = default, s2x1 = default;
        Vector256<float> s3x0 = default, s3x1 = default;
        Vector256<float> s4x0 = default, s4x1 = default;
        Vector256<float> s5x0 = default, s5x1 = default;
        for (int k = 0; k < count; k++)
        {
            Vector256<float> b0 = Vector256.Load(b);
            Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> a0 = Vector256.Create(a[0]);
            s0x0 = Vector256.MultiplyAddEstimate(a0, b0, s0x0);
            s0x1 = Vector256.MultiplyAddEstimate(a0, b1, s0x1);
            Vector256<float> a1 = Vector256.Create(a[1]);
            s1x0 = Vector256.MultiplyAddEstimate(a1, b0, s1x0);
            s1x1 = Vector256.MultiplyAddEstimate(a1, b1, s1x1);
            Vector256<float> a2 = Vector256.Create(a[2]);
            s2x0 = Vector256.MultiplyAddEstimate(a2, b0, s2x0);
            s2x1 = Vector256.MultiplyAddEstimate(a2, b1, s2x1);
            Vector256<float> a3 = Vector256.Create(a[3]);
            s3x0 = Vector256.MultiplyAddEstimate(a3, b0, s3x0);
            s3x1 = Vector256.MultiplyAddEstimate(a3, b1, s3x1);
            Vector256<float> a4 = Vector256.Create(a[4]);
            s4x0 = Vector256.MultiplyAddEstimate(a4, b0, s4x0);
            s4x1 = Vector256.MultiplyAddEstimate(a4, b1, s4x1);
            Vector256<float> a5 = Vector256.Create(a[5]);
            s5x0 = Vector256.MultiplyAddEstimate(a5, b0, s5x0);
            s5x1 = Vector256.MultiplyAddEstimate(a5, b1, s5x1);
            a += 6;
            b += 16;
        }
        store.Row(0, s0x0, s0x1);
        store.Row(1, s1x0, s1x1);
        store.Row(2, s2x0, s2x1);
        store.Row(3, s3x0, s3x1);
        store.Row(4, s4x0, s4x1);
        store.Row(5, s5x0, s5x1);
    }

    /// <summary>The first <see cref="ShortRows"/> rows of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run256Short(int count, float* a, float* b, in TileStore store)
    {
        Vector256<float> s0x0 = default, s0x1 = default;
        Vector256<float> s1x0 = default, s1x1 = default;
        Vector256<float> s2x0 = default, s2x1 = default;
        Vector256<float> s3x0 = default, s3x1 = default;
        for (int k = 0; k < count; k++)
        {
            Vector256<float> b0 = Vector256.Load(b);
            Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> a0 = Vector256.Create(a[0]);
            s0x0 = Vector256.MultiplyAddEstimate(a0, b0, s0x0);
            s0x1 = Vector256.MultiplyAddEstimate(a0, b1, s0x1);
            Vector256<float> a1 = Vector256.Create(a[1]);
            s1x0 = Vector256.MultiplyAddEstimate(a1, b0, s1x0);
            s1x1 = Vector256.MultiplyAddEstimate(a1, b1, s1x1);
            Vector256<float> a2 = Vector256.Create(a[2]);
            s2x0 = Vector256.MultiplyAddEstimate(a2, b0, s2x0);
            s2x1 = Vector256.MultiplyAddEstimate(a2, b1, s2x1);
            Vector256<float> a3 = Vector256.Create(a[3]);
            s3x0 = Vector256.MultiplyAddEstimate(a3, b0, s3x0);
            s3x1 = Vector256.MultiplyAddEstimate(a3, b1, s3x1);
            a += 6;
            b += 16;
        }
        store.Row(0, s0x0, s0x1);
        store.Row(1, s1x0, s1x1);
        store.Row(2, s2x0, s2x1);
        store.Row(3, s3x0, s3x1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run128(int count, float* a, float* b, in TileStore store)
    {
        Vector128<float> s0x0 = default, s0x1 = default;
        Vector128<float> s1x0 = default, s1x1 = default;
        Vector128<float> s2x0 = default, s2x1 = default;
        Vector128<float> s3x0 = default, s3x1 = default;
        Vector128<float> s4x0 = default, s4x1 = default;
        Vector128<float> s5x0 = default, s5x1 = default;
        for (int k = 0; k < count; k++)
        {
            Vector128<float> b0 = Vector128.Load(b);
            Vector128<float> b1 = Vector128.Load(b + 4);
            Vector128<float> a0 = Vector128.Create(a[0]);
            s0x0 = Vector128.MultiplyAddEstimate(a0, b0, s0x0);
            s0x1 = Vector128.MultiplyAddEstimate(a0, b1, s0x1);
            Vector128<float> a1 = Vector128.Create(a[1]);
            s1x0 = Vector128.MultiplyAddEstimate(a1, b0, s1x0);
            s1x1 = Vector128.MultiplyAddEstimate(a1, b1, s1x1);
            Vector128<float> a2 = Vector128.Create(a[2]);
            s2x0 = Vector128.MultiplyAddEstimate(a2, b0, s2x0);
            s2x1 = Vector128.MultiplyAddEstimate(a2, b1, s2x1);
            Vector128<float> a3 = Vector128.Create(a[3]);
            s3x0 = Vector128.MultiplyAddEstimate(a3, b0, s3x0);
            s3x1 = Vector128.MultiplyAddEstimate(a3, b1, s3x1);
            Vector128<float> a4 = Vector128.Create(a[4]);
            s4x0 = Vector128.MultiplyAddEstimate(a4, b0, s4x0);
            s4x1 = Vector128.MultiplyAddEstimate(a4, b1, s4x1);
            Vector128<float> a5 = Vector128.Create(a[5]);
            s5x0 = Vector128.MultiplyAddEstimate(a5, b0, s5x0);
            s5x1 = Vector128.MultiplyAddEstimate(a5, b1, s5x1);
            a += 6;
            b += 8;
        }
        store.Row(0, s0x0, s0x1);
        store.Row(1, s1x0, s1x1);
        store.Row(2, s2x0, s2x1);
        store.Row(3, s3x0, s3x1);
        store.Row(4, s4x0, s4x1);
        store.Row(5, s5x0, s5x1);
    }
}
