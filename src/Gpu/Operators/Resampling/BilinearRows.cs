using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Makes rows of a bilinearly upsampled plane: two source rows are blended in vectors, then each output takes two
/// neighbours of the blend.
/// </summary>
internal sealed unsafe class BilinearRows(Shape input, Size2D output, ResizeRule rule)
{
    private readonly BilinearSimdAxis _vertical = new(input.H, output.Height, rule);
    private readonly BilinearSimdAxis _horizontal = new(input.W, output.Width, rule);

    /// <summary>Elements that <see cref="Make"/> needs for the blend.</summary>
    public int BlendLength { get; } = input.W + Vector<float>.Count;

    /// <summary>Writes row <paramref name="y"/> of the upsampled plane.</summary>
    public void Make(float* plane, int y, float* blend, float* target)
    {
        float* upper = plane + (long)_vertical.Low[y] * input.W;
        float* lower = plane + (long)_vertical.High[y] * input.W;
        var weight = new Vector<float>(_vertical.Weight[y]);
        Vector<float> rest = Vector<float>.One - weight;
        for (int w = 0; w < input.W; w += Vector<float>.Count)
        {
            int count = input.W - w;
            Vector.Store(rest * SimdMath.Load(upper + w, count) + weight * SimdMath.Load(lower + w, count), blend + w);
        }
        _horizontal.Stretch(blend, target);
    }

    /// <summary>One element of the upsampled plane, with the bits that <see cref="Make"/> gives it.</summary>
    public float At(float* plane, int y, int x)
    {
        float* upper = plane + (long)_vertical.Low[y] * input.W;
        float* lower = plane + (long)_vertical.High[y] * input.W;
        float down = _vertical.Weight[y];
        float across = _horizontal.Weight[x];
        int low = _horizontal.Low[x];
        int high = _horizontal.High[x];
        return (1f - across) * ((1f - down) * upper[low] + down * lower[low]) + across * ((1f - down) * upper[high] + down * lower[high]);
    }
}
