using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Batch norm with its parts as tensors, a plane at a time.</summary>
internal sealed unsafe class BatchNormTransformSimd(Team team) : SimdOperation(team)
{
    public override string Variant => "batch norm transform simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int length = x.Shape.Plane;
        (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            int c = plane % x.Shape.C;
            double deviation = Math.Sqrt(Input(2).Floats[c] + BatchNorm.Epsilon);
            var factor = new Vector<float>((float)(Input(3).Floats[c] / deviation));
            // The mean is taken off first: folded into the offset it would cancel where it is large beside the deviation.
            var mean = new Vector<float>(Input(1).Floats[c]);
            var offset = new Vector<float>(Input(4).Floats[c]);
            float* source = x.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; i < length; i += Vector<float>.Count)
                SimdMath.Store((SimdMath.Load(source + i, length - i) - mean) * factor + offset, target + i, length - i);
        }
    }
}
