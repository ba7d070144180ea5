using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

/// <summary>Rows of outputs of a depthwise convolution from lines of <see cref="DepthwiseLines"/>, in vectors of pixels.</summary>
internal static unsafe class DepthwiseRows
{
    /// <summary>A row: bias, or what there is, and the sum over its taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Any(float** rows, int[] starts, float* filter, int height, float bias, bool adds, float* y, int width)
    {
        for (int j = 0; j < width; j += Vector<float>.Count)
        {
            Vector<float> sum = adds ? SimdMath.Load(y + j, width - j) : new Vector<float>(bias);
            float* tap = filter;
            for (int u = 0; u < height; u++)
            {
                float* line = rows[u] + j;
                foreach (int start in starts)
                    sum = Vector.MultiplyAddEstimate(new Vector<float>(*tap++), Vector.Load(line + start), sum);
            }
            SimdMath.Store(sum, y + j, width - j);
        }
    }

    /// <summary>A row, of a vector at least, with a filter of 3x3, which stays in registers; the last vector may overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Three(float** rows, int[] starts, float* filter, float bias, float* y, int width)
    {
        float* a = rows[0], b = rows[1], c = rows[2];
        (int second, int third, int last) = (starts[1], starts[2], width - Vector<float>.Count);
        Vector<float> w0 = new(filter[0]), w1 = new(filter[1]), w2 = new(filter[2]);
        Vector<float> w3 = new(filter[3]), w4 = new(filter[4]), w5 = new(filter[5]);
        Vector<float> w6 = new(filter[6]), w7 = new(filter[7]), w8 = new(filter[8]);
        for (int j = 0; ; j = Math.Min(j + Vector<float>.Count, last))
        {
            Vector<float> sum = Vector.MultiplyAddEstimate(w0, Vector.Load(a + j), new Vector<float>(bias));
            sum = Vector.MultiplyAddEstimate(w1, Vector.Load(a + second + j), sum);
            sum = Vector.MultiplyAddEstimate(w2, Vector.Load(a + third + j), sum);
            sum = Vector.MultiplyAddEstimate(w3, Vector.Load(b + j), sum);
            sum = Vector.MultiplyAddEstimate(w4, Vector.Load(b + second + j), sum);
            sum = Vector.MultiplyAddEstimate(w5, Vector.Load(b + third + j), sum);
            sum = Vector.MultiplyAddEstimate(w6, Vector.Load(c + j), sum);
            sum = Vector.MultiplyAddEstimate(w7, Vector.Load(c + second + j), sum);
            sum = Vector.MultiplyAddEstimate(w8, Vector.Load(c + third + j), sum);
            sum.Store(y + j);
            if (j >= last)
                return;
        }
    }

    /// <summary>Residual, relu or sigmoid, factor, on sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Finish(Epilogue epilogue, float* y, float* residual, float* factor, int count)
    {
        for (int j = 0; j < count; j += Vector<float>.Count)
        {
            Vector<float> value = SimdMath.Load(y + j, count - j);
            SimdMath.Store(EpilogueMath.Apply(epilogue, value, residual + j, factor + j, count - j), y + j, count - j);
        }
    }
}
