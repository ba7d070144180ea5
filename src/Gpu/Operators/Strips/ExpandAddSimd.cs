using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>expand(a) + expand(b), or relu of it, a plane at a time.</summary>
internal sealed unsafe class ExpandAddSimd(Team team, ExpandAdd expand) : SimdOperation(team)
{
    public override string Variant => $"{expand.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View y = Output(0);
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            if (expand.Relu)
                Expand<StripMapSimd.ReluOfSum>(plane, y);
            else
                Expand<StripMapSimd.Sum>(plane, y);
        }
    }

    private void Expand<TFunction>(int plane, View y)
        where TFunction : struct, IStripFunction =>
        StripMapSimd.Run<TFunction>(null, Input(0).Plane(plane), Input(1).Plane(plane), y.Plane(plane), y.Shape.H, y.Shape.W);
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
