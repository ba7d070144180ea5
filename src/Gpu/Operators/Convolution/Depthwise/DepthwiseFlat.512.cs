using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd;

/// <summary>Rows in vectors of 512 bits.</summary>
internal sealed unsafe partial class DepthwiseFlat
{
    /// <summary>Of the rows [first, end) those whose other row lies below them or, at the lower end, above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rows512(float* x, int first, int end, float* filter, float bias, bool relu, float* y)
    {
        var masks = (float*)Unsafe.AsPointer(ref _masks[0]);
        nint width = _width, step = _step, apart = (nint)_down * width, last = width - Vector512<float>.Count;
        Vector512<float> w0 = Vector512.Create(filter[0]), w1 = Vector512.Create(filter[1]), w2 = Vector512.Create(filter[2]);
        Vector512<float> w3 = Vector512.Create(filter[3]), w4 = Vector512.Create(filter[4]), w5 = Vector512.Create(filter[5]);
        Vector512<float> w6 = Vector512.Create(filter[6]), w7 = Vector512.Create(filter[7]), w8 = Vector512.Create(filter[8]);
        for (int i = first; i < end; i++)
        {
            if (_down == 1 ? (i & 1) != 0 : (i / _down & 1) != 0)
                continue;
            nint row = (i + _down < _height ? i : i - _down) * width;
            float* b = x + row - step, a = b - apart, c = b + apart, d = c + apart;
            float* upper = y + row, lower = upper + apart;
            for (nint j = 0; ; j = Math.Min(j + Vector512<float>.Count, last))
            {
                nint k = j + step, l = k + step;
                Vector512<float> left = Vector512.Load(masks + j), right = Vector512.Load(masks + width + j);
                // A sum for each row of the filter, as one of nine terms would wait for each of its additions.
                Vector512<float> x0 = Vector512.Load(a + j) & left, x1 = Vector512.Load(a + k), x2 = Vector512.Load(a + l) & right;
                Vector512<float> sum = Add(x0, w0, x1, w1, x2, w2, Vector512.Create(bias));
                (x0, x1, x2) = (Vector512.Load(b + j) & left, Vector512.Load(b + k), Vector512.Load(b + l) & right);
                Vector512<float> second = Add(x0, w3, x1, w4, x2, w5, Vector512<float>.Zero);
                Vector512<float> other = Add(x0, w0, x1, w1, x2, w2, Vector512.Create(bias));
                (x0, x1, x2) = (Vector512.Load(c + j) & left, Vector512.Load(c + k), Vector512.Load(c + l) & right);
                sum = sum + second + Add(x0, w6, x1, w7, x2, w8, Vector512<float>.Zero);
                second = Add(x0, w3, x1, w4, x2, w5, Vector512<float>.Zero);
                (x0, x1, x2) = (Vector512.Load(d + j) & left, Vector512.Load(d + k), Vector512.Load(d + l) & right);
                other = other + second + Add(x0, w6, x1, w7, x2, w8, Vector512<float>.Zero);
                if (relu)
                    (sum, other) = (Relu(sum), Relu(other));
                sum.Store(upper + j);
                other.Store(lower + j);
                if (j == last)
                    break;
            }
        }
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Add(
        Vector512<float> x0, Vector512<float> w0, Vector512<float> x1, Vector512<float> w1, Vector512<float> x2, Vector512<float> w2,
        Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(x2, w2, Vector512.MultiplyAddEstimate(x1, w1, Vector512.MultiplyAddEstimate(x0, w0, sum)));

    /// <summary>As <see cref="SimdMath.Relu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Relu(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), Vector512<float>.Zero, x);
}
