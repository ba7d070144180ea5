using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Factor and offset of each channel.</summary>
internal sealed class BatchNormSimdWeights(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) : PackedWeights
{
    public readonly float[] Weight = weight.ToArray();
    public readonly float[] Bias = bias.ToArray();

    private protected override void Dispose(bool disposing)
    {
        // Managed arrays.
    }
}

/// <summary>Batch norm as a multiply-add, a plane at a time.</summary>
internal sealed unsafe class BatchNormSimd(Team team, BatchNormSimdWeights weights) : SimdOperation(team)
{
    public override string Variant => "batch norm simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            var weight = new Vector<float>(weights.Weight[plane % x.Shape.C]);
            var bias = new Vector<float>(weights.Bias[plane % x.Shape.C]);
            float* source = x.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; i < x.Shape.Plane; i += Vector<float>.Count)
                SimdMath.Store(SimdMath.Load(source + i, x.Shape.Plane - i) * weight + bias, target + i, x.Shape.Plane - i);
        }
    }
}
