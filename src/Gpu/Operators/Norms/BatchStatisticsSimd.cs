using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Mean and variance of each channel in one read from memory: each block's mean, then, the block still in cache, its
/// squared deviations from that; the second phase joins the blocks of a channel in double precision with
/// <c>sum((x - m)^2) = sum over blocks of (sum((x - mb)^2) + nb * (mb - m)^2)</c>.
/// </summary>
internal sealed unsafe class BatchStatisticsSimd : SimdOperation
{
    private readonly Workspace _workspace;
    private readonly ChannelBlocks _blocks;

    public BatchStatisticsSimd(Team team, Workspace workspace, Shape input) : base(team)
    {
        _workspace = workspace;
        _blocks = new ChannelBlocks(input);
        workspace.Reserve(checked(4 * _blocks.Count));
    }

    public override string Variant => "batch statistics simd";

    protected override int Phases => 2;

    public override void Execute(int worker, int workers)
    {
        // A mean and a sum of squares each block.
        double* partial = (double*)SimdMemory.Floats(_workspace);
        if (Phase == 0)
        {
            (int first, int last) = Share(_blocks.Count, worker, workers);
            for (int block = first; block < last; block++)
                Reduce(block, partial + 2L * block);
        }
        else
        {
            (int first, int last) = Share(Input(0).Shape.C, worker, workers);
            for (int channel = first; channel < last; channel++)
                Join(channel, partial);
        }
    }

    private void Reduce(int block, double* partial)
    {
        (int image, int channel, int start, int length) = _blocks[block];
        float* x = Input(0).Plane(image, channel) + start;
        // Two chains of sums, as one waits for itself.
        Vector<float> sum = default, other = default;
        int i = 0;
        for (; i <= length - 2 * Vector<float>.Count; i += 2 * Vector<float>.Count)
        {
            sum += Vector.Load(x + i);
            other += Vector.Load(x + i + Vector<float>.Count);
        }
        for (; i < length; i += Vector<float>.Count)
            sum += SimdMath.Load(x + i, length - i);
        double mean = (double)Vector.Sum(sum + other) / length;
        var center = new Vector<float>((float)mean);
        Vector<float> squares = default, others = default;
        for (i = 0; i <= length - 2 * Vector<float>.Count; i += 2 * Vector<float>.Count)
        {
            Vector<float> deviation = Vector.Load(x + i) - center, next = Vector.Load(x + i + Vector<float>.Count) - center;
            squares += deviation * deviation;
            others += next * next;
        }
        for (; i < length; i += Vector<float>.Count)
        {
            Vector<float> deviation = SimdMath.Load(x + i, length - i) - center;
            // What is beyond the end does not deviate.
            var within = Vector.LessThan(Vector<int>.Indices, new Vector<int>(length - i));
            deviation = Vector.ConditionalSelect(within, deviation, Vector<float>.Zero);
            squares += deviation * deviation;
        }
        partial[0] = mean;
        partial[1] = Vector.Sum(squares + others);
    }

    private void Join(int channel, double* partial)
    {
        int first = channel * _blocks.PerChannel;
        int last = first + _blocks.PerChannel;
        double count = (double)Input(0).Shape.N * Input(0).Shape.Plane;
        double mean = 0;
        for (int block = first; block < last; block++)
            mean += partial[2L * block] * _blocks[block].Length;
        mean /= count;
        double squares = 0;
        for (int block = first; block < last; block++)
        {
            double shift = partial[2L * block] - mean;
            squares += partial[2L * block + 1] + shift * shift * _blocks[block].Length;
        }
        Output(0).Floats[channel] = (float)mean;
        Output(1).Floats[channel] = (float)(squares / count);
    }
}
