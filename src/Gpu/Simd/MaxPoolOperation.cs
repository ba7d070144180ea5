using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Max pool: the largest of the window's rows in vectors, then of its columns.</summary>
internal sealed unsafe class MaxPoolOperation(Team team, MaxPool pool, Shape input) : SimdOperation(team)
{
    private readonly WorkerBuffers _columns = new(team, input.W + Vector<float>.Count);

    public override string Variant => $"{pool.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int width = x.Shape.W;
        float* columns = _columns[worker];
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
                    Vector<float> largest = SimdMath.Load(source + (long)top * width + w, width - w);
                    for (int h = top + 1; h < bottom; h++)
                        largest = Vector.Max(largest, SimdMath.Load(source + (long)h * width + w, width - w));
                    Vector.Store(largest, columns + w);
                }
                for (int j = 0; j < y.Shape.W; j++)
                {
                    int left = Math.Max(j * pool.Stride - pool.Padding, 0);
                    int right = Math.Min(j * pool.Stride - pool.Padding + pool.Kernel, width);
                    float largest = columns[left];
                    for (int w = left + 1; w < right; w++)
                        largest = MathF.Max(largest, columns[w]);
                    *target++ = largest;
                }
            }
        }
    }
}
