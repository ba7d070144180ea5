using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// The transforms of F(4,3), by which 4 outputs of a filter of 3 taps take 6 products instead of 12: polynomials are
/// multiplied by their values at 0, a, -a, b, -b and infinity (Toom and Cook; for filters Winograd 1980, for networks
/// Lavin and Gray, CVPR 2016). With a = 1/sqrt(2) and b = sqrt(2) instead of the usual 1 and 2 the matrices have smaller
/// entries and rounding errors are about a third.
/// </summary>
internal static class WinogradTransform
{
    private const float A = 0.70710678f;
    private const float B = 1.41421356f;
    private const float SquareA = 0.5f;
    private const float SquareB = 2f;

    // One over the product of the differences to the other points: 1 / (2 a^2 (a^2 - b^2)), 1 / (2 b^2 (b^2 - a^2)).
    private const float WeightA = -1f / 1.5f;
    private const float WeightB = 1f / 6f;

    /// <summary>6 inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(
        ref Vector<float> x0, ref Vector<float> x1, ref Vector<float> x2, ref Vector<float> x3, ref Vector<float> x4, ref Vector<float> x5)
    {
        // a^2 b^2 = 1.
        const float Sum = SquareA + SquareB;
        Vector<float> zero = Vector.MultiplyAddEstimate(new Vector<float>(-Sum), x2, x0 + x4);
        Vector<float> infinity = Vector.MultiplyAddEstimate(new Vector<float>(-Sum), x3, x1 + x5);
        Vector<float> evenA = Vector.MultiplyAddEstimate(new Vector<float>(-SquareB), x2, x4);
        Vector<float> oddA = new Vector<float>(A) * Vector.MultiplyAddEstimate(new Vector<float>(-SquareB), x1, x3);
        Vector<float> evenB = Vector.MultiplyAddEstimate(new Vector<float>(-SquareA), x2, x4);
        Vector<float> oddB = new Vector<float>(B) * Vector.MultiplyAddEstimate(new Vector<float>(-SquareA), x1, x3);
        (x0, x1, x2, x3, x4, x5) = (zero, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, infinity);
    }

    /// <summary>3 taps to 6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter(
        Vector<float> g0, Vector<float> g1, Vector<float> g2,
        out Vector<float> u0, out Vector<float> u1, out Vector<float> u2, out Vector<float> u3, out Vector<float> u4, out Vector<float> u5)
    {
        Vector<float> evenA = new Vector<float>(WeightA) * Vector.MultiplyAddEstimate(new Vector<float>(SquareA), g2, g0);
        Vector<float> oddA = new Vector<float>(WeightA * A) * g1;
        Vector<float> evenB = new Vector<float>(WeightB) * Vector.MultiplyAddEstimate(new Vector<float>(SquareB), g2, g0);
        Vector<float> oddB = new Vector<float>(WeightB * B) * g1;
        (u0, u1, u2, u3, u4, u5) = (g0, evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, g2);
    }

    /// <summary>6 products to 4 outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(
        Vector<float> m0, Vector<float> m1, Vector<float> m2, Vector<float> m3, Vector<float> m4, Vector<float> m5,
        out Vector<float> y0, out Vector<float> y1, out Vector<float> y2, out Vector<float> y3)
    {
        Vector<float> sumA = m1 + m2;
        Vector<float> differenceA = new Vector<float>(A) * (m1 - m2);
        Vector<float> sumB = m3 + m4;
        Vector<float> differenceB = new Vector<float>(B) * (m3 - m4);
        y0 = m0 + sumA + sumB;
        y1 = differenceA + differenceB;
        y2 = Vector.MultiplyAddEstimate(new Vector<float>(SquareB), sumB, new Vector<float>(SquareA) * sumA);
        y3 = Vector.MultiplyAddEstimate(new Vector<float>(SquareB), differenceB,
            Vector.MultiplyAddEstimate(new Vector<float>(SquareA), differenceA, m5));
    }

    /// <summary>The transpose of <see cref="Output"/>: the gradients by 4 outputs become those by 6 products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient(
        ref Vector<float> x0, ref Vector<float> x1, ref Vector<float> x2, ref Vector<float> x3, ref Vector<float> x4, ref Vector<float> x5)
    {
        Vector<float> evenA = Vector.MultiplyAddEstimate(new Vector<float>(SquareA), x2, x0);
        Vector<float> oddA = new Vector<float>(A) * Vector.MultiplyAddEstimate(new Vector<float>(SquareA), x3, x1);
        Vector<float> evenB = Vector.MultiplyAddEstimate(new Vector<float>(SquareB), x2, x0);
        Vector<float> oddB = new Vector<float>(B) * Vector.MultiplyAddEstimate(new Vector<float>(SquareB), x3, x1);
        (x1, x2, x3, x4, x5) = (evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, x3);
    }

    /// <summary>The transpose of <see cref="Filter"/>: the gradients by 6 to those by 3 taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient(
        Vector<float> u0, Vector<float> u1, Vector<float> u2, Vector<float> u3, Vector<float> u4, Vector<float> u5,
        out Vector<float> g0, out Vector<float> g1, out Vector<float> g2)
    {
        Vector<float> sumA = new Vector<float>(WeightA) * (u1 + u2);
        Vector<float> sumB = new Vector<float>(WeightB) * (u3 + u4);
        g0 = u0 + sumA + sumB;
        g1 = Vector.MultiplyAddEstimate(new Vector<float>(WeightA * A), u1 - u2, new Vector<float>(WeightB * B) * (u3 - u4));
        g2 = Vector.MultiplyAddEstimate(new Vector<float>(SquareB), sumB, Vector.MultiplyAddEstimate(new Vector<float>(SquareA), sumA, u5));
    }
}
