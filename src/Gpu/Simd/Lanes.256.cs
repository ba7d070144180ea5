using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Simd;

/// <content>The same with vectors of 256 bits, many at a time; each says how many it moved, none without AVX.</content>
internal static unsafe partial class Lanes
{
    private const int Eight = 8;

    /// <summary><c>runs[j * stride + t] = line[4 * t + j]</c> for as many t below <paramref name="count"/> as fill vectors.</summary>
    public static int SplitFours(float* line, int count, float* runs, int stride)
    {
        int t = 0;
        for (; Avx.IsSupported && t + Eight <= count; t += Eight)
        {
            float* from = line + 4 * t, to = runs + t;
            Vector256<float> a = Halves(from, 16), b = Halves(from + 4, 16), c = Halves(from + 8, 16), d = Halves(from + 12, 16);
            Transpose(ref a, ref b, ref c, ref d);
            a.Store(to);
            b.Store(to + stride);
            c.Store(to + 2 * stride);
            d.Store(to + 3 * stride);
        }
        return t;
    }

    /// <summary><c>line[4 * t + j] = runs[j * stride + t]</c> for as many t below <paramref name="count"/> as fill vectors.</summary>
    public static int JoinFours(float* runs, int stride, int count, float* line)
    {
        int t = 0;
        for (; Avx.IsSupported && t + Eight <= count; t += Eight)
        {
            float* from = runs + t, to = line + 4 * t;
            Vector256<float> a = Vector256.Load(from), b = Vector256.Load(from + stride);
            Vector256<float> c = Vector256.Load(from + 2 * stride), d = Vector256.Load(from + 3 * stride);
            Transpose(ref a, ref b, ref c, ref d);
            Vector256.Create(a.GetLower(), b.GetLower()).Store(to);
            Vector256.Create(c.GetLower(), d.GetLower()).Store(to + 8);
            Vector256.Create(a.GetUpper(), b.GetUpper()).Store(to + 16);
            Vector256.Create(c.GetUpper(), d.GetUpper()).Store(to + 24);
        }
        return t;
    }

    /// <summary>
    /// <c>runs[j * stride + 2 * t + i] = line[2 * (4 * t + j) + i]</c> for i of 0 and 1 and as many t below
    /// <paramref name="count"/> as fill vectors.
    /// </summary>
    public static int SplitPairs(float* line, int count, float* runs, int stride)
    {
        int t = 0;
        for (; Avx.IsSupported && t + 4 <= count; t += 4)
        {
            double* from = (double*)line + 4 * t, to = (double*)(runs + 2 * t);
            Vector256<double> a = Vector256.Load(from), b = Vector256.Load(from + 4);
            Vector256<double> c = Vector256.Load(from + 8), d = Vector256.Load(from + 12);
            Transpose(ref a, ref b, ref c, ref d);
            a.Store(to);
            b.Store((double*)((float*)to + stride));
            c.Store((double*)((float*)to + 2 * stride));
            d.Store((double*)((float*)to + 3 * stride));
        }
        return t;
    }

    /// <summary>
    /// <c>line[2 * (4 * t + j) + i] = runs[j * stride + 2 * t + i]</c> for i of 0 and 1 and as many t below
    /// <paramref name="count"/> as fill vectors.
    /// </summary>
    public static int JoinPairs(float* runs, int stride, int count, float* line)
    {
        int t = 0;
        for (; Avx.IsSupported && t + 4 <= count; t += 4)
        {
            float* from = runs + 2 * t;
            double* to = (double*)line + 4 * t;
            Vector256<double> a = Vector256.Load((double*)from), b = Vector256.Load((double*)(from + stride));
            Vector256<double> c = Vector256.Load((double*)(from + 2 * stride)), d = Vector256.Load((double*)(from + 3 * stride));
            Transpose(ref a, ref b, ref c, ref d);
            a.Store(to);
            b.Store(to + 4);
            c.Store(to + 8);
            d.Store(to + 12);
        }
        return t;
    }

    /// <summary>
    /// <c>target[k * width + r] = source[r * stride + k]</c> for k of 0 to 3 and as many r below <paramref name="rows"/> as
    /// fill vectors.
    /// </summary>
    public static int TransposeFour(float* source, long stride, int rows, float* target, int width)
    {
        int r = 0;
        for (; Avx.IsSupported && r + Eight <= rows; r += Eight)
        {
            float* from = source + r * stride, to = target + r;
            Vector256<float> a = Halves(from, 4 * stride), b = Halves(from + stride, 4 * stride);
            Vector256<float> c = Halves(from + 2 * stride, 4 * stride), d = Halves(from + 3 * stride, 4 * stride);
            Transpose(ref a, ref b, ref c, ref d);
            a.Store(to);
            b.Store(to + width);
            c.Store(to + 2 * width);
            d.Store(to + 3 * width);
        }
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* source, long apart) =>
        Vector256.Create(Vector128.Load(source), Vector128.Load(source + apart));

    /// <summary>Rows and columns of 4x4 change places in each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        Vector256<float> low = Avx.UnpackLow(a, c), high = Avx.UnpackHigh(a, c);
        Vector256<float> otherLow = Avx.UnpackLow(b, d), otherHigh = Avx.UnpackHigh(b, d);
        a = Avx.UnpackLow(low, otherLow);
        b = Avx.UnpackHigh(low, otherLow);
        c = Avx.UnpackLow(high, otherHigh);
        d = Avx.UnpackHigh(high, otherHigh);
    }

    /// <summary>Rows and columns of 4x4 change places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector256<double> a, ref Vector256<double> b, ref Vector256<double> c, ref Vector256<double> d)
    {
        Vector256<double> low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b);
        Vector256<double> otherLow = Avx.UnpackLow(c, d), otherHigh = Avx.UnpackHigh(c, d);
        a = Avx.Permute2x128(low, otherLow, 0x20);
        b = Avx.Permute2x128(high, otherHigh, 0x20);
        c = Avx.Permute2x128(low, otherLow, 0x31);
        d = Avx.Permute2x128(high, otherHigh, 0x31);
    }
}
