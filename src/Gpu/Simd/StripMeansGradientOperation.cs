using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>da / W + db / H, a plane at a time; the term of a mean that was not wanted is not added.</summary>
internal sealed unsafe class StripMeansGradientOperation(Team team, StripMeansGradient means) : SimdOperation(team)
{
    public override string Variant => "strip means gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dx = Output(0);
        int width = dx.Shape.W;
        float perRow = 1f / width;
        var perColumn = new Vector<float>(1f / dx.Shape.H);
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* column = means.OverWidth ? Input(0).Plane(plane) : null;
            float* row = means.OverHeight ? Input(means.OverWidth ? 1 : 0).Plane(plane) : null;
            float* target = dx.Plane(plane);
            for (int h = 0; h < dx.Shape.H; h++, target += width)
            {
                var left = new Vector<float>(column != null ? column[h] * perRow : 0f);
                if (row == null)
                {
                    new Span<float>(target, width).Fill(left[0]);
                    continue;
                }
                for (int w = 0; w < width; w += Vector<float>.Count)
                    SimdMath.Store(left + SimdMath.Load(row + w, width - w) * perColumn, target + w, width - w);
            }
        }
    }
}
