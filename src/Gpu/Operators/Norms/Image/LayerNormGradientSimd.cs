using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Gradient of layer norm, some cache lines of pixels at a time: their means over all channels, the squares of the deviations
/// and the sums with dy, then dx while dy and x are in cache.
/// </summary>
internal sealed unsafe class LayerNormGradientSimd(Team team) : SimdOperation(team)
{
    /// <summary>Pixels at a time, a multiple of any vector's length.</summary>
    private const int Pixels = 64;

    private readonly WorkerBuffers _buffers = new(team, 4 * Pixels);

    public override string Variant => "layer norm gradient simd";

    public override void Execute(int worker, int workers)
    {
        Shape shape = Input(0).Shape;
        int groups = (shape.Plane + Pixels - 1) / Pixels;
        (int first, int last) = Share(shape.N * groups, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / groups;
            int pixel = (item - n * groups) * Pixels;
            int count = Math.Min(Pixels, shape.Plane - pixel);
            Sums(n, pixel, count, _buffers[worker]);
            Write(n, pixel, count, _buffers[worker]);
        }
    }

    /// <summary>The means, and the sums of squares, of dy, and of dy times deviations.</summary>
    private void Sums(int n, int pixel, int count, float* means)
    {
        float* squares = means + Pixels, gradients = means + 2 * Pixels, products = means + 3 * Pixels;
        int channels = Input(0).Shape.C;
        new Span<float>(means, 4 * Pixels).Clear();
        for (int c = 0; c < channels; c++)
        {
            float* x = Input(1).Plane(n, c) + pixel;
            for (int i = 0; i < count; i += Vector<float>.Count)
                Vector.Store(Vector.Load(means + i) + SimdMath.Load(x + i, count - i), means + i);
        }
        for (int i = 0; i < count; i += Vector<float>.Count)
            Vector.Store(Vector.Load(means + i) * (1f / channels), means + i);
        for (int c = 0; c < channels; c++)
        {
            float* dy = Input(0).Plane(n, c) + pixel;
            float* x = Input(1).Plane(n, c) + pixel;
            for (int i = 0; i < count; i += Vector<float>.Count)
            {
                Vector<float> gradient = SimdMath.Load(dy + i, count - i);
                Vector<float> deviation = SimdMath.Load(x + i, count - i) - Vector.Load(means + i);
                Vector.Store(Vector.Load(squares + i) + deviation * deviation, squares + i);
                Vector.Store(Vector.Load(gradients + i) + gradient, gradients + i);
                Vector.Store(Vector.Load(products + i) + gradient * deviation, products + i);
            }
        }
    }

    private void Write(int n, int pixel, int count, float* means)
    {
        float* factors = means + Pixels, gradients = means + 2 * Pixels, slopes = means + 3 * Pixels;
        int channels = Input(0).Shape.C;
        var share = new Vector<float>(1f / channels);
        var epsilon = new Vector<float>((float)BatchNorm.Epsilon);
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            Vector<float> factor = Vector<float>.One / Vector.SquareRoot(Vector.Load(factors + i) * share + epsilon);
            Vector.Store(factor, factors + i);
            Vector.Store(Vector.Load(gradients + i) * share, gradients + i);
            Vector.Store(Vector.Load(slopes + i) * share * factor * factor, slopes + i);
        }
        for (int c = 0; c < channels; c++)
        {
            float* dy = Input(0).Plane(n, c) + pixel;
            float* x = Input(1).Plane(n, c) + pixel;
            float* dx = Output(0).Plane(n, c) + pixel;
            for (int i = 0; i < count; i += Vector<float>.Count)
            {
                Vector<float> direct = SimdMath.Load(dy + i, count - i) - Vector.Load(gradients + i);
                Vector<float> deviation = SimdMath.Load(x + i, count - i) - Vector.Load(means + i);
                SimdMath.Store((direct - deviation * Vector.Load(slopes + i)) * Vector.Load(factors + i), dx + i, count - i);
            }
        }
    }
}
