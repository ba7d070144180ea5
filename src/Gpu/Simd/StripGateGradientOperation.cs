using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The three gradients of the strip gate in one read of dy and x: a row's sum in one vector, the columns' sums in a
/// line that stays in the first-level cache.
/// </summary>
internal sealed unsafe class StripGateGradientOperation(Team team, Shape shape) : SimdOperation(team)
{
    private readonly WorkerBuffers _columns = new(team, shape.W + Vector<float>.Count);

    public override string Variant => "strip gate gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        int width = dy.Shape.W;
        float* columns = _columns[worker];
        (int first, int last) = Share(dy.Shape.N * dy.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* gradient = dy.Plane(plane);
            float* source = Input(1).Plane(plane);
            float* column = Input(2).Plane(plane);
            float* row = Input(3).Plane(plane);
            float* target = Output(0).Plane(plane);
            float* da = Output(1).Plane(plane);
            new Span<float>(columns, width).Clear();
            for (int h = 0; h < dy.Shape.H; h++, gradient += width, source += width, target += width)
            {
                var left = new Vector<float>(column[h]);
                Vector<float> sum = default;
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    int count = width - w;
                    Vector<float> gate = SimdMath.Sigmoid(left + SimdMath.Load(row + w, count));
                    Vector<float> gated = SimdMath.Load(gradient + w, count) * gate;
                    SimdMath.Store(gated, target + w, count);
                    Vector<float> term = gated * SimdMath.Load(source + w, count) * (Vector<float>.One - gate);
                    sum += term;
                    Vector.Store(Vector.Load(columns + w) + term, columns + w);
                }
                da[h] = Vector.Sum(sum);
            }
            new ReadOnlySpan<float>(columns, width).CopyTo(new Span<float>(Output(2).Plane(plane), width));
        }
    }
}
