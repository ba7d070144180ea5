using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Layer norm over channels, some cache lines of pixels at a time: their means over all channels, the squares of the
/// deviations, then the result while x is in cache.
/// </summary>
internal sealed unsafe class LayerNormSimd(Team team) : SimdOperation(team)
{
    /// <summary>Pixels at a time, a multiple of any vector's length.</summary>
    private const int Pixels = 64;

    private readonly WorkerBuffers _buffers = new(team, 2 * Pixels);

    public override string Variant => "layer norm simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int groups = (x.Shape.Plane + Pixels - 1) / Pixels;
        (int first, int last) = Share(x.Shape.N * groups, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / groups;
            int pixel = (item - n * groups) * Pixels;
            int count = Math.Min(Pixels, x.Shape.Plane - pixel);
            Normalize(x.Plane(n, 0) + pixel, y.Plane(n, 0) + pixel, x.Shape, count, _buffers[worker], _buffers[worker] + Pixels);
        }
    }

    private static void Normalize(float* x, float* y, Shape shape, int count, float* means, float* squares)
    {
        var share = new Vector<float>(1f / shape.C);
        new Span<float>(means, 2 * Pixels).Clear();
        for (int c = 0; c < shape.C; c++)
        {
            float* plane = x + (long)c * shape.Plane;
            for (int i = 0; i < count; i += Vector<float>.Count)
                Vector.Store(Vector.Load(means + i) + SimdMath.Load(plane + i, count - i), means + i);
        }
        for (int i = 0; i < count; i += Vector<float>.Count)
            Vector.Store(Vector.Load(means + i) * share, means + i);
        for (int c = 0; c < shape.C; c++)
        {
            float* plane = x + (long)c * shape.Plane;
            for (int i = 0; i < count; i += Vector<float>.Count)
            {
                Vector<float> deviation = SimdMath.Load(plane + i, count - i) - Vector.Load(means + i);
                Vector.Store(Vector.Load(squares + i) + deviation * deviation, squares + i);
            }
        }
        var epsilon = new Vector<float>((float)BatchNorm.Epsilon);
        for (int i = 0; i < count; i += Vector<float>.Count)
            Vector.Store(Vector<float>.One / Vector.SquareRoot(Vector.Load(squares + i) * share + epsilon), squares + i);
        for (int c = 0; c < shape.C; c++)
        {
            float* plane = x + (long)c * shape.Plane;
            float* target = y + (long)c * shape.Plane;
            for (int i = 0; i < count; i += Vector<float>.Count)
            {
                Vector<float> deviation = SimdMath.Load(plane + i, count - i) - Vector.Load(means + i);
                SimdMath.Store(deviation * Vector.Load(squares + i), target + i, count - i);
            }
        }
    }
}
