using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Softmax over channels, a vector of pixels at a time.</summary>
internal sealed unsafe class SoftmaxSimd(Team team) : SimdOperation(team)
{
    public override string Variant => "softmax simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int plane = x.Shape.Plane;
        int groups = (plane + Vector<float>.Count - 1) / Vector<float>.Count;
        (int first, int last) = Share(x.Shape.N * groups, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / groups;
            int pixel = (item - n * groups) * Vector<float>.Count;
            Normalize(x.Plane(n, 0) + pixel, plane, y.Plane(n, 0) + pixel, plane, x.Shape.C, plane - pixel);
        }
    }

    /// <summary>Softmax of one vector of pixels; channels are a stride apart; source and target may be the same.</summary>
    public static void Normalize(float* source, long sourceStride, float* target, long targetStride, int channels, int count)
    {
        Vector<float> largest = SimdMath.Load(source, count);
        for (int c = 1; c < channels; c++)
            largest = Vector.Max(largest, SimdMath.Load(source + c * sourceStride, count));
        Vector<float> sum = default;
        for (int c = 0; c < channels; c++)
        {
            Vector<float> power = SimdMath.Exp(SimdMath.Load(source + c * sourceStride, count) - largest);
            sum += power;
            SimdMath.Store(power, target + c * targetStride, count);
        }
        for (int c = 0; c < channels; c++)
            SimdMath.Store(SimdMath.Load(target + c * targetStride, count) / sum, target + c * targetStride, count);
    }
}

/// <summary>
/// Gradient of softmax over channels, some cache lines of pixels at a time: their sums over all channels, then dx
/// while dy and y are in cache.
/// </summary>
internal sealed unsafe class SoftmaxGradientSimd(Team team) : SimdOperation(team)
{
    /// <summary>Pixels at a time, a multiple of any vector's length.</summary>
    private const int Pixels = 128;

    private readonly WorkerBuffers _sums = new(team, Pixels);

    public override string Variant => "softmax gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        View y = Input(1);
        View dx = Output(0);
        float* sums = _sums[worker];
        int groups = (dy.Shape.Plane + Pixels - 1) / Pixels;
        (int first, int last) = Share(dy.Shape.N * groups, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / groups;
            int pixel = (item - n * groups) * Pixels;
            int count = Math.Min(Pixels, dy.Shape.Plane - pixel);
            new Span<float>(sums, Pixels).Clear();
            for (int c = 0; c < dy.Shape.C; c++)
            {
                float* gradient = dy.Plane(n, c) + pixel;
                float* value = y.Plane(n, c) + pixel;
                for (int i = 0; i < count; i += Vector<float>.Count)
                    Vector.Store(
                        Vector.Load(sums + i) + SimdMath.Load(gradient + i, count - i) * SimdMath.Load(value + i, count - i), sums + i);
            }
            for (int c = 0; c < dy.Shape.C; c++)
            {
                float* gradient = dy.Plane(n, c) + pixel;
                float* value = y.Plane(n, c) + pixel;
                float* target = dx.Plane(n, c) + pixel;
                for (int i = 0; i < count; i += Vector<float>.Count)
                {
                    Vector<float> difference = SimdMath.Load(gradient + i, count - i) - Vector.Load(sums + i);
                    SimdMath.Store(SimdMath.Load(value + i, count - i) * difference, target + i, count - i);
                }
            }
        }
    }
}
