using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Every plane times its factor.</summary>
internal sealed unsafe class ScaleChannelsSimd(Team team) : SimdOperation(team)
{
    public override string Variant => "scale channels simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int length = x.Shape.Plane;
        (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            var factor = new Vector<float>(*Input(1).Plane(plane));
            float* source = x.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; i < length; i += Vector<float>.Count)
                SimdMath.Store(SimdMath.Load(source + i, length - i) * factor, target + i, length - i);
        }
    }
}
