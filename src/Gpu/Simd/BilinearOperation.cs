using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Bilinear interpolation with aligned corners, a plane at a time.</summary>
internal sealed unsafe class BilinearOperation(Team team, Bilinear bilinear, Shape input) : SimdOperation(team)
{
    private readonly BilinearRows _rows = new(input, bilinear.Output);
    private readonly WorkerBuffers _blend = new(team, input.W + Vector<float>.Count);

    public override string Variant => "bilinear simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        float* blend = _blend[worker];
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = y.Plane(plane);
            for (int h = 0; h < y.Shape.H; h++, target += y.Shape.W)
                _rows.Make(x.Plane(plane), h, blend, target);
        }
    }
}
