using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Gradients of batch norm: the sums of dy and dy * (x - mean) block by block, joined a channel at a time in double
/// precision, then dx. Where workers get whole channels, dx follows the sums of its channel while that is in cache;
/// where channels are too few for equal shares, all sums come first and dx in a second phase, with the same bits.
/// </summary>
internal sealed unsafe class BatchNormGradientSimd : SimdOperation
{
    private readonly Workspace _workspace;
    private readonly BatchNormGradient _gradient;
    private readonly ChannelBlocks _blocks;
    private readonly bool _byChannel;

    public BatchNormGradientSimd(Team team, Workspace workspace, BatchNormGradient gradient, Shape shape) : base(team)
    {
        _workspace = workspace;
        _gradient = gradient;
        _blocks = new ChannelBlocks(shape);
        _byChannel = shape.C % team.Size == 0 || shape.C >= 16 * team.Size;
        workspace.Reserve(checked(4 * _blocks.Count));
    }

    public override string Variant => $"{_gradient.Name} simd";

    protected override int Phases => _byChannel ? 1 : 2;

    public override void Execute(int worker, int workers)
    {
        // Two sums each block.
        double* partial = (double*)SimdMemory.Floats(_workspace);
        if (_byChannel)
        {
            (int first, int last) = Share(Input(0).Shape.C, worker, workers);
            for (int channel = first; channel < last; channel++)
            {
                int block = channel * _blocks.PerChannel;
                Reduce(block, block + _blocks.PerChannel, partial);
                Spread(block, block + _blocks.PerChannel, partial);
            }
            return;
        }
        (int begin, int end) = Share(_blocks.Count, worker, workers);
        if (Phase == 0)
            Reduce(begin, end, partial);
        else
            Spread(begin, end, partial);
    }

    private void Reduce(int first, int last, double* partial)
    {
        for (int block = first; block < last; block++)
        {
            (int image, int channel, int start, int length) = _blocks[block];
            float* dy = Input(0).Plane(image, channel) + start;
            float* x = Input(1).Plane(image, channel) + start;
            var mean = new Vector<float>(Input(2).Floats[channel]);
            Vector<float> sum = default, otherSum = default;
            Vector<float> product = default, otherProduct = default;
            int i = 0;
            // Two chains of sums, as one waits for itself.
            for (; i <= length - 2 * Vector<float>.Count; i += 2 * Vector<float>.Count)
            {
                Vector<float> gradient = Vector.Load(dy + i), other = Vector.Load(dy + i + Vector<float>.Count);
                sum += gradient;
                otherSum += other;
                product += gradient * (Vector.Load(x + i) - mean);
                otherProduct += other * (Vector.Load(x + i + Vector<float>.Count) - mean);
            }
            for (; i < length; i += Vector<float>.Count)
            {
                Vector<float> gradient = SimdMath.Load(dy + i, length - i);
                sum += gradient;
                // Beyond the end dy is zero, so that what x - mean is there adds nothing.
                product += gradient * (SimdMath.Load(x + i, length - i) - mean);
            }
            partial[2L * block] = Vector.Sum(sum + otherSum);
            partial[2L * block + 1] = Vector.Sum(product + otherProduct);
        }
    }

    private void Spread(int first, int last, double* partial)
    {
        int joined = -1;
        Vector<float> mean = default;
        Vector<float> factor = default;
        Vector<float> slope = default;
        Vector<float> offset = default;
        for (int block = first; block < last; block++)
        {
            (int image, int channel, int start, int length) = _blocks[block];
            if (channel != joined)
            {
                joined = channel;
                double deviation = Math.Sqrt(Input(3).Floats[channel] + BatchNorm.Epsilon);
                (double sum, double product) = Join(channel, partial);
                product /= deviation;
                double scale = Input(4).Floats[channel] / deviation;
                double count = (double)Input(0).Shape.N * Input(0).Shape.Plane;
                mean = new Vector<float>(Input(2).Floats[channel]);
                factor = new Vector<float>((float)scale);
                slope = new Vector<float>((float)(scale * product / count / deviation));
                offset = new Vector<float>((float)(scale * sum / count));
                if (block == channel * _blocks.PerChannel)
                {
                    Output(1).Floats[channel] += (float)product;
                    Output(2).Floats[channel] += (float)sum;
                }
            }
            float* dy = Input(0).Plane(image, channel) + start;
            float* x = Input(1).Plane(image, channel) + start;
            float* dx = Output(0).Plane(image, channel) + start;
            if (_gradient.Frozen)
            {
                for (int i = 0; i < length; i += Vector<float>.Count)
                    SimdMath.Store(factor * SimdMath.Load(dy + i, length - i), dx + i, length - i);
                continue;
            }
            int whole = 0;
            for (; whole <= length - Vector<float>.Count; whole += Vector<float>.Count)
                (factor * Vector.Load(dy + whole) - offset - slope * (Vector.Load(x + whole) - mean)).Store(dx + whole);
            if (whole < length)
            {
                int rest = length - whole;
                Vector<float> deviation = SimdMath.Load(x + whole, rest) - mean;
                SimdMath.Store(factor * SimdMath.Load(dy + whole, rest) - offset - slope * deviation, dx + whole, rest);
            }
        }
    }

    private (double Sum, double Product) Join(int channel, double* partial)
    {
        double sum = 0;
        double product = 0;
        for (int block = channel * _blocks.PerChannel; block < (channel + 1) * _blocks.PerChannel; block++)
        {
            sum += partial[2L * block];
            product += partial[2L * block + 1];
        }
        return (sum, product);
    }
}
