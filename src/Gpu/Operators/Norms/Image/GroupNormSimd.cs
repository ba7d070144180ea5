using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Group norm, a group at a time: its channels lie side by side. Sums of blocks are joined in double precision.</summary>
internal sealed unsafe class GroupNormSimd(Team team, GroupNorm norm) : SimdOperation(team)
{
    private const int Block = 4096;

    public override string Variant => "group norm simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int channels = x.Shape.C / norm.Groups;
        int length = channels * x.Shape.Plane;
        (int first, int last) = Share(x.Shape.N * norm.Groups, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / norm.Groups;
            int channel = (item - n * norm.Groups) * channels;
            Normalize(x.Plane(n, channel), y.Plane(n, channel), length);
        }
    }

    private static void Normalize(float* x, float* y, int length)
    {
        (Vector<float> mean, double deviation) = Moments(x, length);
        var factor = new Vector<float>((float)(1 / deviation));
        for (int i = 0; i < length; i += Vector<float>.Count)
            SimdMath.Store((SimdMath.Load(x + i, length - i) - mean) * factor, y + i, length - i);
    }

    /// <summary>The mean and the root of variance and eps of some numbers.</summary>
    public static (Vector<float> Mean, double Deviation) Moments(float* x, int length)
    {
        double sum = 0;
        for (int start = 0; start < length; start += Block)
            sum += Sum(x + start, Math.Min(Block, length - start));
        var mean = new Vector<float>((float)(sum / length));
        double squares = 0;
        for (int start = 0; start < length; start += Block)
            squares += Squares(x + start, Math.Min(Block, length - start), mean);
        return (mean, Math.Sqrt(squares / length + BatchNorm.Epsilon));
    }

    private static float Sum(float* x, int length)
    {
        Vector<float> sum = default;
        for (int i = 0; i < length; i += Vector<float>.Count)
            sum += SimdMath.Load(x + i, length - i);
        return Vector.Sum(sum);
    }

    private static float Squares(float* x, int length, Vector<float> mean)
    {
        Vector<float> squares = default;
        for (int i = 0; i < length; i += Vector<float>.Count)
        {
            // What is beyond the end does not deviate.
            var within = Vector.LessThan(Vector<int>.Indices, new Vector<int>(length - i));
            Vector<float> deviation = Vector.ConditionalSelect(within, SimdMath.Load(x + i, length - i) - mean, Vector<float>.Zero);
            squares += deviation * deviation;
        }
        return Vector.Sum(squares);
    }
}
