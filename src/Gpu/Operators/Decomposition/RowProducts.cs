using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>The products of one row of numbers with each row of a matrix.</summary>
internal static unsafe class RowProducts
{
    /// <summary>Sums of x times each row, four rows at a time; the last ones may come twice.</summary>
    public static void Of(float* x, float* rows, int count, int length, float* products)
    {
        int most = count - 1;
        for (int row = 0; row <= most; row += 4)
        {
            int second = Math.Min(row + 1, most), third = Math.Min(row + 2, most), fourth = Math.Min(row + 3, most);
            float* a = rows + (long)row * length, b = rows + (long)second * length;
            float* c = rows + (long)third * length, d = rows + (long)fourth * length;
            Vector<float> sumA = default, sumB = default, sumC = default, sumD = default;
            for (int i = 0; i < length; i += Vector<float>.Count)
            {
                Vector<float> values = SimdMath.Load(x + i, length - i);
                sumA += values * SimdMath.Load(a + i, length - i);
                sumB += values * SimdMath.Load(b + i, length - i);
                sumC += values * SimdMath.Load(c + i, length - i);
                sumD += values * SimdMath.Load(d + i, length - i);
            }
            products[row] = Vector.Sum(sumA);
            products[second] = Vector.Sum(sumB);
            products[third] = Vector.Sum(sumC);
            products[fourth] = Vector.Sum(sumD);
        }
    }
}
