using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Sums over images and planes, a channel at a time: each plane in blocks of vector sums, which are added up in double
/// precision.
/// </summary>
internal sealed unsafe class ChannelSumsSimd(Team team) : SimdOperation(team)
{
    private const int Block = 1024;

    public override string Variant => "channel sums simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        View db = Output(0);
        (int first, int last) = Share(dy.Shape.C, worker, workers);
        for (int c = first; c < last; c++)
        {
            double total = 0;
            for (int n = 0; n < dy.Shape.N; n++)
            {
                float* plane = dy.Plane(n, c);
                for (int i = 0; i < dy.Shape.Plane; i += Block)
                    total += Sum(plane + i, Math.Min(Block, dy.Shape.Plane - i));
            }
            db.Floats[c] += (float)total;
        }
    }

    private static float Sum(float* values, int count)
    {
        int step = Vector<float>.Count;
        Vector<float> a = default, b = default;
        int i = 0;
        for (; i + 2 * step <= count; i += 2 * step)
        {
            a += Vector.Load(values + i);
            b += Vector.Load(values + i + step);
        }
        for (; i < count; i += step)
            a += SimdMath.Load(values + i, count - i);
        return Vector.Sum(a + b);
    }
}
