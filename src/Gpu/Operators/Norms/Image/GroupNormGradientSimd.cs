using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Gradient of group norm, a group at a time; sums of blocks are joined in double precision.</summary>
internal sealed unsafe class GroupNormGradientSimd(Team team, GroupNorm norm) : SimdOperation(team)
{
    private const int Block = 4096;

    public override string Variant => "group norm gradient simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(1);
        int channels = x.Shape.C / norm.Groups;
        int length = channels * x.Shape.Plane;
        (int first, int last) = Share(x.Shape.N * norm.Groups, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / norm.Groups;
            int channel = (item - n * norm.Groups) * channels;
            Write(Input(0).Plane(n, channel), x.Plane(n, channel), Output(0).Plane(n, channel), length);
        }
    }

    private static void Write(float* dy, float* x, float* dx, int length)
    {
        (Vector<float> mean, double deviation) = GroupNormSimd.Moments(x, length);
        (double gradients, double products) = (0, 0);
        for (int start = 0; start < length; start += Block)
        {
            (float gradient, float product) = Sums(dy + start, x + start, Math.Min(Block, length - start), mean);
            gradients += gradient;
            products += product;
        }
        var shift = new Vector<float>((float)(gradients / length));
        var slope = new Vector<float>((float)(products / length / (deviation * deviation)));
        var factor = new Vector<float>((float)(1 / deviation));
        for (int i = 0; i < length; i += Vector<float>.Count)
        {
            Vector<float> direct = SimdMath.Load(dy + i, length - i) - shift;
            SimdMath.Store((direct - (SimdMath.Load(x + i, length - i) - mean) * slope) * factor, dx + i, length - i);
        }
    }

    /// <summary>Sums of dy and of dy times deviations; behind the end dy is zero.</summary>
    private static (float Gradients, float Products) Sums(float* dy, float* x, int length, Vector<float> mean)
    {
        Vector<float> gradients = default, products = default;
        for (int i = 0; i < length; i += Vector<float>.Count)
        {
            Vector<float> gradient = SimdMath.Load(dy + i, length - i);
            gradients += gradient;
            products += gradient * (SimdMath.Load(x + i, length - i) - mean);
        }
        return (Vector.Sum(gradients), Vector.Sum(products));
    }
}
