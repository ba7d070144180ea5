using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

internal static unsafe partial class SimdMath
{
    /// <summary>Adding it rounds to whole numbers: 1.5 * 2^23, whose last bit is worth one.</summary>
    private const float Rounder = 12582912f;

    /// <summary>
    /// e^x within two units in the last place; infinite above 88.73, zero below -104, NaN stays NaN. By hand: the
    /// runtime's computes in double precision, which takes several times as long.
    /// <para>With n = round(x / ln 2) and r = x - n ln 2, e^x = 2^n e^r; e^r is its Taylor polynomial, whose rest is
    /// below 6e-9 for |r| at most 0.35. ln 2 is taken in two parts, the first short enough that n times it is exact,
    /// and 2^n in two factors, as n may lie outside of the exponents of float32.</para>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        Vector<float> shifted = Reduce(Clamp(x, -105f, 89f), out Vector<float> power);
        Vector<int> exponent = Vector.AsVectorInt32(shifted) - Vector.AsVectorInt32(new Vector<float>(Rounder));
        Vector<int> half = Vector.ShiftRightArithmetic(exponent, 1);
        return power * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>1 / (1 + e^-x); beyond 87 on either side it stays what it is there, within 2e-38 of 0 or at 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x)
    {
        // Within these limits 2^n is a float32 of its own: one factor, and the low bits of the shifted number are its exponent.
        Vector<float> shifted = Reduce(Clamp(-x, -87f, 87f), out Vector<float> power);
        Vector<float> exponential = power * PowerOfTwo(Vector.AsVectorInt32(shifted));
        return Vector<float>.One / (Vector<float>.One + exponential);
    }

    /// <summary>n of e^x = 2^n e^r with <see cref="Rounder"/> added, and e^r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Reduce(Vector<float> x, out Vector<float> power)
    {
        Vector<float> shifted = Vector.MultiplyAddEstimate(x, new Vector<float>(1.44269504f), new Vector<float>(Rounder));
        Vector<float> n = shifted - new Vector<float>(Rounder);
        Vector<float> r = Vector.MultiplyAddEstimate(n, new Vector<float>(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(n, new Vector<float>(2.12194440e-4f), r);
        power = new Vector<float>(1f / 5040);
        power = Vector.MultiplyAddEstimate(power, r, new Vector<float>(1f / 720));
        power = Vector.MultiplyAddEstimate(power, r, new Vector<float>(1f / 120));
        power = Vector.MultiplyAddEstimate(power, r, new Vector<float>(1f / 24));
        power = Vector.MultiplyAddEstimate(power, r, new Vector<float>(1f / 6));
        power = Vector.MultiplyAddEstimate(power, r, new Vector<float>(0.5f));
        power = Vector.MultiplyAddEstimate(power, r, Vector<float>.One);
        power = Vector.MultiplyAddEstimate(power, r, Vector<float>.One);
        return shifted;
    }

    /// <summary>NaN stays NaN: x comes second, and x86 returns the second operand where one is NaN. One instruction each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Clamp(Vector<float> x, float least, float most) =>
        Vector.MinNative(new Vector<float>(most), Vector.MaxNative(new Vector<float>(least), x));

    private static Vector<float> PowerOfTwo(Vector<int> exponent) =>
        Vector.AsVectorSingle(Vector.ShiftLeft(exponent + new Vector<int>(127), 23));
}
