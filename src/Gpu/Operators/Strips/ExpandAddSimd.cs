using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>A column and a row broadcast over the plane and added, optionally with relu.</summary>
internal sealed unsafe class ExpandAddSimd(Team team, ExpandAdd expand) : SimdOperation(team)
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

/// <summary>Sums of dy, where the relu let it through, over rows and columns in one read, as the strip means.</summary>
internal sealed unsafe class ExpandAddGradientSimd(Team team, ExpandAddGradient expand, Shape shape) : SimdOperation(team)
{
    private readonly WorkerBuffers _columns = new(team, shape.W + Vector<float>.Count);

    public override string Variant => $"{expand.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        int width = dy.Shape.W;
        float* columns = _columns[worker];
        (int first, int last) = Share(dy.Shape.N * dy.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* gradient = dy.Plane(plane);
            float* column = expand.Relu ? Input(1).Plane(plane) : null;
            float* row = expand.Relu ? Input(2).Plane(plane) : null;
            float* da = Output(0).Plane(plane);
            new Span<float>(columns, width).Clear();
            for (int h = 0; h < dy.Shape.H; h++, gradient += width)
            {
                var left = new Vector<float>(expand.Relu ? column[h] : 0f);
                Vector<float> sum = default;
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    Vector<float> term = SimdMath.Load(gradient + w, width - w);
                    if (expand.Relu)
                    {
                        Vector<float> expanded = left + SimdMath.Load(row + w, width - w);
                        term = Vector.ConditionalSelect(Vector.GreaterThan(expanded, Vector<float>.Zero), term, Vector<float>.Zero);
                    }
                    sum += term;
                    Vector.Store(Vector.Load(columns + w) + term, columns + w);
                }
                da[h] = Vector.Sum(sum);
            }
            new ReadOnlySpan<float>(columns, width).CopyTo(new Span<float>(Output(1).Plane(plane), width));
        }
    }
}
