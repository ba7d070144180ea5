using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>x * sigmoid(expand(a) + expand(b)) in one pass.</summary>
internal sealed unsafe class StripGateOperation(Team team) : SimdOperation(team)
{
    public override string Variant => "strip gate simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View a = Input(1);
        View b = Input(2);
        View y = Output(0);
        int width = x.Shape.W;
        (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* source = x.Plane(plane);
            float* column = a.Plane(plane);
            float* row = b.Plane(plane);
            float* target = y.Plane(plane);
            for (int h = 0; h < x.Shape.H; h++, source += width, target += width)
            {
                var left = new Vector<float>(column[h]);
                int w = 0;
                for (; w <= width - Vector<float>.Count; w += Vector<float>.Count)
                    (Vector.Load(source + w) * SimdMath.Sigmoid(left + Vector.Load(row + w))).Store(target + w);
                if (w < width)
                {
                    Vector<float> gate = SimdMath.Sigmoid(left + SimdMath.Load(row + w, width - w));
                    SimdMath.Store(SimdMath.Load(source + w, width - w) * gate, target + w, width - w);
                }
            }
        }
    }
}
