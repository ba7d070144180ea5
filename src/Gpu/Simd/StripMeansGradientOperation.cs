using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// da / W + db / H, a plane at a time: db / H is made once a plane in a line that stays in the first-level cache. The
/// term of a mean that was not wanted is zero.
/// </summary>
internal sealed unsafe class StripMeansGradientOperation(Team team, StripMeansGradient means) : SimdOperation(team)
{
    private readonly WorkerBuffers _line = new(team, means.Plane.Width + Vector<float>.Count);

    public override string Variant => "strip means gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dx = Output(0);
        int width = dx.Shape.W;
        float* line = _line[worker];
        new Span<float>(line, width).Clear();
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            if (means.OverHeight)
                Divide(Input(means.OverWidth ? 1 : 0).Plane(plane), width, dx.Shape.H, line);
            float* column = means.OverWidth ? Input(0).Plane(plane) : null;
            float* target = dx.Plane(plane);
            for (int h = 0; h < dx.Shape.H; h++, target += width)
            {
                var left = new Vector<float>(column != null ? column[h] / width : 0f);
                for (int w = 0; w < width; w += Vector<float>.Count)
                    SimdMath.Store(left + Vector.Load(line + w), target + w, width - w);
            }
        }
    }

    private static void Divide(float* row, int width, int height, float* line)
    {
        var divisor = new Vector<float>(height);
        for (int w = 0; w < width; w += Vector<float>.Count)
            Vector.Store(SimdMath.Load(row + w, width - w) / divisor, line + w);
    }
}
