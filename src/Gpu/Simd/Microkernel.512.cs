using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd;

/// <content>Tiles of vectors of 512 bits.</content>
internal static unsafe partial class Microkernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run512(int count, float* a, float* b, in TileStore store)
    {
        Vector512<float> s0x0 = default, s0x1 = default;
        Vector512<float> s1x0 = default, s1x1 = default;
        Vector512<float> s2x0 = default, s2x1 = default;
        Vector512<float> s3x0 = default, s3x1 = default;
        Vector512<float> s4x0 = default, s4x1 = default;
        Vector512<float> s5x0 = default, s5x1 = default;
        Vector512<float> s6x0 = default, s6x1 = default;
        Vector512<float> s7x0 = default, s7x1 = default;
        Vector512<float> s8x0 = default, s8x1 = default;
        Vector512<float> s9x0 = default, s9x1 = default;
        Vector512<float> s10x0 = default, s10x1 = default;
        Vector512<float> s11x0 = default, s11x1 = default;
        for (int k = 0; k < count; k++)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> a0 = Vector512.Create(a[0]);
            s0x0 = Vector512.MultiplyAddEstimate(a0, b0, s0x0);
            s0x1 = Vector512.MultiplyAddEstimate(a0, b1, s0x1);
            Vector512<float> a1 = Vector512.Create(a[1]);
            s1x0 = Vector512.MultiplyAddEstimate(a1, b0, s1x0);
            s1x1 = Vector512.MultiplyAddEstimate(a1, b1, s1x1);
            Vector512<float> a2 = Vector512.Create(a[2]);
            s2x0 = Vector512.MultiplyAddEstimate(a2, b0, s2x0);
            s2x1 = Vector512.MultiplyAddEstimate(a2, b1, s2x1);
            Vector512<float> a3 = Vector512.Create(a[3]);
            s3x0 = Vector512.MultiplyAddEstimate(a3, b0, s3x0);
            s3x1 = Vector512.MultiplyAddEstimate(a3, b1, s3x1);
            Vector512<float> a4 = Vector512.Create(a[4]);
            s4x0 = Vector512.MultiplyAddEstimate(a4, b0, s4x0);
            s4x1 = Vector512.MultiplyAddEstimate(a4, b1, s4x1);
            Vector512<float> a5 = Vector512.Create(a[5]);
            s5x0 = Vector512.MultiplyAddEstimate(a5, b0, s5x0);
            s5x1 = Vector512.MultiplyAddEstimate(a5, b1, s5x1);
            Vector512<float> a6 = Vector512.Create(a[6]);
            s6x0 = Vector512.MultiplyAddEstimate(a6, b0, s6x0);
            s6x1 = Vector512.MultiplyAddEstimate(a6, b1, s6x1);
            Vector512<float> a7 = Vector512.Create(a[7]);
            s7x0 = Vector512.MultiplyAddEstimate(a7, b0, s7x0);
            s7x1 = Vector512.MultiplyAddEstimate(a7, b1, s7x1);
            Vector512<float> a8 = Vector512.Create(a[8]);
            s8x0 = Vector512.MultiplyAddEstimate(a8, b0, s8x0);
            s8x1 = Vector512.MultiplyAddEstimate(a8, b1, s8x1);
            Vector512<float> a9 = Vector512.Create(a[9]);
            s9x0 = Vector512.MultiplyAddEstimate(a9, b0, s9x0);
            s9x1 = Vector512.MultiplyAddEstimate(a9, b1, s9x1);
            Vector512<float> a10 = Vector512.Create(a[10]);
            s10x0 = Vector512.MultiplyAddEstimate(a10, b0, s10x0);
            s10x1 = Vector512.MultiplyAddEstimate(a10, b1, s10x1);
            Vector512<float> a11 = Vector512.Create(a[11]);
            s11x0 = Vector512.MultiplyAddEstimate(a11, b0, s11x0);
            s11x1 = Vector512.MultiplyAddEstimate(a11, b1, s11x1);
            a += 12;
            b += 32;
        }
        store.Row(0, s0x0, s0x1);
        store.Row(1, s1x0, s1x1);
        store.Row(2, s2x0, s2x1);
        store.Row(3, s3x0, s3x1);
        store.Row(4, s4x0, s4x1);
        store.Row(5, s5x0, s5x1);
        store.Row(6, s6x0, s6x1);
        store.Row(7, s7x0, s7x1);
        store.Row(8, s8x0, s8x1);
        store.Row(9, s9x0, s9x1);
        store.Row(10, s10x0, s10x1);
        store.Row(11, s11x0, s11x1);
    }

    /// <summary>The first <see cref="MiddleRows"/> rows of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run512Middle(int count, float* a, float* b, in TileStore store)
    {
        Vector512<float> s0x0 = default, s0x1 = default;
        Vector512<float> s1x0 = default, s1x1 = default;
        Vector512<float> s2x0 = default, s2x1 = default;
        Vector512<float> s3x0 = default, s3x1 = default;
        Vector512<float> s4x0 = default, s4x1 = default;
        Vector512<float> s5x0 = default, s5x1 = default;
        Vector512<float> s6x0 = default, s6x1 = default;
        Vector512<float> s7x0 = default, s7x1 = default;
        for (int k = 0; k < count; k++)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> a0 = Vector512.Create(a[0]);
            s0x0 = Vector512.MultiplyAddEstimate(a0, b0, s0x0);
            s0x1 = Vector512.MultiplyAddEstimate(a0, b1, s0x1);
            Vector512<float> a1 = Vector512.Create(a[1]);
            s1x0 = Vector512.MultiplyAddEstimate(a1, b0, s1x0);
            s1x1 = Vector512.MultiplyAddEstimate(a1, b1, s1x1);
            Vector512<float> a2 = Vector512.Create(a[2]);
            s2x0 = Vector512.MultiplyAddEstimate(a2, b0, s2x0);
            s2x1 = Vector512.MultiplyAddEstimate(a2, b1, s2x1);
            Vector512<float> a3 = Vector512.Create(a[3]);
            s3x0 = Vector512.MultiplyAddEstimate(a3, b0, s3x0);
            s3x1 = Vector512.MultiplyAddEstimate(a3, b1, s3x1);
            Vector512<float> a4 = Vector512.Create(a[4]);
            s4x0 = Vector512.MultiplyAddEstimate(a4, b0, s4x0);
            s4x1 = Vector512.MultiplyAddEstimate(a4, b1, s4x1);
            Vector512<float> a5 = Vector512.Create(a[5]);
            s5x0 = Vector512.MultiplyAddEstimate(a5, b0, s5x0);
            s5x1 = Vector512.MultiplyAddEstimate(a5, b1, s5x1);
            Vector512<float> a6 = Vector512.Create(a[6]);
            s6x0 = Vector512.MultiplyAddEstimate(a6, b0, s6x0);
            s6x1 = Vector512.MultiplyAddEstimate(a6, b1, s6x1);
            Vector512<float> a7 = Vector512.Create(a[7]);
            s7x0 = Vector512.MultiplyAddEstimate(a7, b0, s7x0);
            s7x1 = Vector512.MultiplyAddEstimate(a7, b1, s7x1);
            a += 12;
            b += 32;
        }
        store.Row(0, s0x0, s0x1);
        store.Row(1, s1x0, s1x1);
        store.Row(2, s2x0, s2x1);
        store.Row(3, s3x0, s3x1);
        store.Row(4, s4x0, s4x1);
        store.Row(5, s5x0, s5x1);
        store.Row(6, s6x0, s6x1);
        store.Row(7, s7x0, s7x1);
    }

    /// <summary>The first <see cref="ShortRows"/> rows of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run512Short(int count, float* a, float* b, in TileStore store)
    {
        Vector512<float> s0x0 = default, s0x1 = default;
        Vector512<float> s1x0 = default, s1x1 = default;
        Vector512<float> s2x0 = default, s2x1 = default;
        Vector512<float> s3x0 = default, s3x1 = default;
        for (int k = 0; k < count; k++)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> a0 = Vector512.Create(a[0]);
            s0x0 = Vector512.MultiplyAddEstimate(a0, b0, s0x0);
            s0x1 = Vector512.MultiplyAddEstimate(a0, b1, s0x1);
            Vector512<float> a1 = Vector512.Create(a[1]);
            s1x0 = Vector512.MultiplyAddEstimate(a1, b0, s1x0);
            s1x1 = Vector512.MultiplyAddEstimate(a1, b1, s1x1);
            Vector512<float> a2 = Vector512.Create(a[2]);
            s2x0 = Vector512.MultiplyAddEstimate(a2, b0, s2x0);
            s2x1 = Vector512.MultiplyAddEstimate(a2, b1, s2x1);
            Vector512<float> a3 = Vector512.Create(a[3]);
            s3x0 = Vector512.MultiplyAddEstimate(a3, b0, s3x0);
            s3x1 = Vector512.MultiplyAddEstimate(a3, b1, s3x1);
            a += 12;
            b += 32;
        }
        store.Row(0, s0x0, s0x1);
        store.Row(1, s1x0, s1x1);
        store.Row(2, s2x0, s2x1);
        store.Row(3, s3x0, s3x1);
    }
}
