using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Softmax over channels, a vector of pixels at a time.</summary>
internal sealed unsafe class SoftmaxOperation(Team team) : SimdOperation(team)
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
