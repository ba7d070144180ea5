using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Products of rows with rows: <c>sums[r][j][l] += sum over k of a[r][k] * b[j][k]</c> for the k whose remainder by the lanes
/// of a vector is l, for a tile of <see cref="Rows"/> x <see cref="Columns"/> in registers. Unlike the
/// <see cref="Microkernel"/> it takes both sides as they lie.
/// </summary>
internal static unsafe class DotKernel
{
    /// <summary>Whether the processor has vectors for it.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    /// <summary>Rows of a tile.</summary>
    public static int Rows => Vector512.IsHardwareAccelerated ? 6 : 3;

    /// <summary>Columns of a tile.</summary>
    public static int Columns => Vector512.IsHardwareAccelerated ? 4 : 3;

    /// <summary>Lanes of a vector.</summary>
    public static int Lanes => Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count;

    /// <summary>Elements of the sums of a tile.</summary>
    public static int Elements => Rows * Columns * Lanes;

    /// <summary>Adds products of <paramref name="count"/> elements, whole vectors.</summary>
    public static void Run(int count, float* a, long aStride, float* b, long bStride, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
            Run512(count, a, aStride, b, bStride, sums);
        else
            Run256(count, a, aStride, b, bStride, sums);
    }

    /// <summary>The sum over the lanes, in a fixed order.</summary>
    public static float Total(float* lanes)
    {
        float total = 0;
        for (int l = 0; l < Lanes; l++)
            total += lanes[l];
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run512(int count, float* a, long aStride, float* b, long bStride, float* sums)
    {
        Vector512<float> s00 = Load(sums, 0), s01 = Load(sums, 1), s02 = Load(sums, 2), s03 = Load(sums, 3);
        Vector512<float> s10 = Load(sums, 4), s11 = Load(sums, 5), s12 = Load(sums, 6), s13 = Load(sums, 7);
        Vector512<float> s20 = Load(sums, 8), s21 = Load(sums, 9), s22 = Load(sums, 10), s23 = Load(sums, 11);
        Vector512<float> s30 = Load(sums, 12), s31 = Load(sums, 13), s32 = Load(sums, 14), s33 = Load(sums, 15);
        Vector512<float> s40 = Load(sums, 16), s41 = Load(sums, 17), s42 = Load(sums, 18), s43 = Load(sums, 19);
        Vector512<float> s50 = Load(sums, 20), s51 = Load(sums, 21), s52 = Load(sums, 22), s53 = Load(sums, 23);
        float* a3 = a + 3 * aStride;
        for (int k = 0; k < count; k += Vector512<float>.Count)
        {
            Vector512<float> b0 = Vector512.Load(b + k), b1 = Vector512.Load(b + bStride + k);
            Vector512<float> b2 = Vector512.Load(b + 2 * bStride + k), b3 = Vector512.Load(b + 3 * bStride + k);
            Vector512<float> row = Vector512.Load(a + k);
            s00 = Vector512.MultiplyAddEstimate(row, b0, s00);
            s01 = Vector512.MultiplyAddEstimate(row, b1, s01);
            s02 = Vector512.MultiplyAddEstimate(row, b2, s02);
            s03 = Vector512.MultiplyAddEstimate(row, b3, s03);
            row = Vector512.Load(a + aStride + k);
            s10 = Vector512.MultiplyAddEstimate(row, b0, s10);
            s11 = Vector512.MultiplyAddEstimate(row, b1, s11);
            s12 = Vector512.MultiplyAddEstimate(row, b2, s12);
            s13 = Vector512.MultiplyAddEstimate(row, b3, s13);
            row = Vector512.Load(a + 2 * aStride + k);
            s20 = Vector512.MultiplyAddEstimate(row, b0, s20);
            s21 = Vector512.MultiplyAddEstimate(row, b1, s21);
            s22 = Vector512.MultiplyAddEstimate(row, b2, s22);
            s23 = Vector512.MultiplyAddEstimate(row, b3, s23);
            row = Vector512.Load(a3 + k);
            s30 = Vector512.MultiplyAddEstimate(row, b0, s30);
            s31 = Vector512.MultiplyAddEstimate(row, b1, s31);
            s32 = Vector512.MultiplyAddEstimate(row, b2, s32);
            s33 = Vector512.MultiplyAddEstimate(row, b3, s33);
            row = Vector512.Load(a3 + aStride + k);
            s40 = Vector512.MultiplyAddEstimate(row, b0, s40);
            s41 = Vector512.MultiplyAddEstimate(row, b1, s41);
            s42 = Vector512.MultiplyAddEstimate(row, b2, s42);
            s43 = Vector512.MultiplyAddEstimate(row, b3, s43);
            row = Vector512.Load(a3 + 2 * aStride + k);
            s50 = Vector512.MultiplyAddEstimate(row, b0, s50);
            s51 = Vector512.MultiplyAddEstimate(row, b1, s51);
            s52 = Vector512.MultiplyAddEstimate(row, b2, s52);
            s53 = Vector512.MultiplyAddEstimate(row, b3, s53);
        }
        Store(sums, 0, s00, s01, s02, s03);
        Store(sums, 4, s10, s11, s12, s13);
        Store(sums, 8, s20, s21, s22, s23);
        Store(sums, 12, s30, s31, s32, s33);
        Store(sums, 16, s40, s41, s42, s43);
        Store(sums, 20, s50, s51, s52, s53);

        static Vector512<float> Load(float* sums, int number) => Vector512.Load(sums + number * Vector512<float>.Count);

        static void Store(
            float* sums, int number, Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
        {
            first.Store(sums + number * Vector512<float>.Count);
            second.Store(sums + (number + 1) * Vector512<float>.Count);
            third.Store(sums + (number + 2) * Vector512<float>.Count);
            fourth.Store(sums + (number + 3) * Vector512<float>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run256(int count, float* a, long aStride, float* b, long bStride, float* sums)
    {
        Vector256<float> s00 = Load(sums, 0), s01 = Load(sums, 1), s02 = Load(sums, 2);
        Vector256<float> s10 = Load(sums, 3), s11 = Load(sums, 4), s12 = Load(sums, 5);
        Vector256<float> s20 = Load(sums, 6), s21 = Load(sums, 7), s22 = Load(sums, 8);
        for (int k = 0; k < count; k += Vector256<float>.Count)
        {
            Vector256<float> b0 = Vector256.Load(b + k), b1 = Vector256.Load(b + bStride + k), b2 = Vector256.Load(b + 2 * bStride + k);
            Vector256<float> row = Vector256.Load(a + k);
            s00 = Vector256.MultiplyAddEstimate(row, b0, s00);
            s01 = Vector256.MultiplyAddEstimate(row, b1, s01);
            s02 = Vector256.MultiplyAddEstimate(row, b2, s02);
            row = Vector256.Load(a + aStride + k);
            s10 = Vector256.MultiplyAddEstimate(row, b0, s10);
            s11 = Vector256.MultiplyAddEstimate(row, b1, s11);
            s12 = Vector256.MultiplyAddEstimate(row, b2, s12);
            row = Vector256.Load(a + 2 * aStride + k);
            s20 = Vector256.MultiplyAddEstimate(row, b0, s20);
            s21 = Vector256.MultiplyAddEstimate(row, b1, s21);
            s22 = Vector256.MultiplyAddEstimate(row, b2, s22);
        }
        Store(sums, 0, s00, s01, s02);
        Store(sums, 3, s10, s11, s12);
        Store(sums, 6, s20, s21, s22);

        static Vector256<float> Load(float* sums, int number) => Vector256.Load(sums + number * Vector256<float>.Count);

        static void Store(float* sums, int number, Vector256<float> first, Vector256<float> second, Vector256<float> third)
        {
            first.Store(sums + number * Vector256<float>.Count);
            second.Store(sums + (number + 1) * Vector256<float>.Count);
            third.Store(sums + (number + 2) * Vector256<float>.Count);
        }
    }
}
