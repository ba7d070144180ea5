using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>A column and a row broadcast over the plane and added, optionally with relu.</summary>
internal sealed unsafe class ExpandAddOperation(Team team, ExpandAdd expand) : SimdOperation(team)
{
    public override string Variant => $"{expand.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View a = Input(0);
        View b = Input(1);
        View y = Output(0);
        int width = y.Shape.W;
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* column = a.Plane(plane);
            float* row = b.Plane(plane);
            float* target = y.Plane(plane);
            for (int h = 0; h < y.Shape.H; h++, target += width)
            {
                var left = new Vector<float>(column[h]);
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    Vector<float> sum = left + SimdMath.Load(row + w, width - w);
                    SimdMath.Store(expand.Relu ? SimdMath.Relu(sum) : sum, target + w, width - w);
                }
            }
        }
    }
}
