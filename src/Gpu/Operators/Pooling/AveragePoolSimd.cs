using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Average pool: the sum of the window's rows in vectors, then of its columns.</summary>
internal sealed unsafe class AveragePoolSimd(Team team, AveragePool pool, Shape input) : SimdOperation(team)
{
    private readonly WorkerBuffers _columns = new(team, input.W + Vector<float>.Count);

    public override string Variant => $"{pool.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int width = x.Shape.W;
        float* columns = _columns[worker];
        float share = 1f / (pool.Kernel * pool.Kernel);
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* source = x.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; i < y.Shape.H; i++)
            {
                int top = Math.Max(i * pool.Stride - pool.Padding, 0);
                int bottom = Math.Min(i * pool.Stride - pool.Padding + pool.Kernel, x.Shape.H);
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    Vector<float> sum = default;
                    for (int h = top; h < bottom; h++)
                        sum += SimdMath.Load(source + (long)h * width + w, width - w);
                    Vector.Store(sum, columns + w);
                }
                for (int j = 0; j < y.Shape.W; j++)
                {
                    int left = Math.Max(j * pool.Stride - pool.Padding, 0);
                    int right = Math.Min(j * pool.Stride - pool.Padding + pool.Kernel, width);
                    float sum = 0;
                    for (int w = left; w < right; w++)
                        sum += columns[w];
                    *target++ = sum * share;
                }
            }
        }
    }
}

/// <summary>Gradient of the average pool: the rows of windows over a row are added in vectors, then each goes to its columns.</summary>
internal sealed unsafe class AveragePoolGradientSimd(Team team, AveragePoolGradient gradient, Shape windows) : SimdOperation(team)
{
    private readonly AveragePool _pool = gradient.Forward;
    private readonly WorkerBuffers _line = new(team, windows.W + Vector<float>.Count);

    public override string Variant => $"{gradient.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        View dx = Output(0);
        int width = dx.Shape.W;
        float* line = _line[worker];
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = dx.Plane(plane);
            for (int h = 0; h < dx.Shape.H; h++, target += width)
            {
                AddRows(dy.Plane(plane), dy.Shape, h, line);
                new Span<float>(target, width).Clear();
                for (int j = 0; j < dy.Shape.W; j++)
                {
                    int right = Math.Min(j * _pool.Stride - _pool.Padding + _pool.Kernel, width);
                    for (int w = Math.Max(j * _pool.Stride - _pool.Padding, 0); w < right; w++)
                        target[w] += line[j];
                }
            }
        }
    }

    /// <summary>The sums down the columns of the windows over row <paramref name="h"/>, times a window's share.</summary>
    private void AddRows(float* source, Shape dy, int h, float* line)
    {
        int top = Math.Max(h + _pool.Padding - _pool.Kernel + _pool.Stride, 0) / _pool.Stride;
        int bottom = Math.Min((h + _pool.Padding) / _pool.Stride + 1, dy.H);
        var share = new Vector<float>(1f / (_pool.Kernel * _pool.Kernel));
        for (int w = 0; w < dy.W; w += Vector<float>.Count)
        {
            Vector<float> sum = default;
            for (int i = top; i < bottom; i++)
                sum += SimdMath.Load(source + (long)i * dy.W + w, dy.W - w);
            Vector.Store(sum * share, line + w);
        }
    }
}
