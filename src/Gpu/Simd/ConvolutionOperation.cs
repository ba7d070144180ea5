using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Convolution as a blocked matrix product without a column buffer of the image: a worker takes a run of output
/// pixels, packs a block of <see cref="DepthBlock"/> (in, kh, kw) x <see cref="_panelBlock"/> pixel panels that stays
/// in its second-level cache, and multiplies every block of output channels with it. Sums over depth are taken in
/// blocks of a fixed size, so they do not depend on how pixels or channels are shared out.
/// </summary>
internal sealed unsafe class ConvolutionOperation : SimdOperation
{
    /// <summary>Depth of a packed block: one panel of it and one panel of the filter fit the first-level cache.</summary>
    private const int DepthBlock = 256;

    /// <summary>Panels of a packed block.</summary>
    private static readonly int _panelBlock = 256 / Microkernel.Columns;

    private readonly Convolution _convolution;
    private readonly ConvolutionWeights _weights;
    private readonly ConvolutionSource _source;
    private readonly ConvolutionScratch[] _scratch;
    private readonly Shape _output;
    private readonly int _depth;
    private readonly int _channelBlocks;
    private readonly int _panelsPerImage;
    private readonly bool _shareChannels;

    public ConvolutionOperation(
        Team team, ConvolutionScratch[] scratch, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionWeights weights)
        : base(team)
    {
        _convolution = convolution;
        _weights = weights;
        _scratch = scratch;
        _output = convolution.Infer(inputs)[0];
        _source = new ConvolutionSource(convolution, convolution.Source(inputs), _output);
        _depth = convolution.InChannels * convolution.Kernel.Height * convolution.Kernel.Width;
        _channelBlocks = (convolution.OutChannels + Microkernel.Rows - 1) / Microkernel.Rows;
        _panelsPerImage = (_output.Plane + Microkernel.Columns - 1) / Microkernel.Columns;
        long panels = (long)_output.N * _panelsPerImage;
        // Strips have few pixels and many channels: there the channels are shared out.
        _shareChannels = panels * Longest(_channelBlocks, team.Size) < Longest(panels, team.Size) * _channelBlocks;
    }

    public override string Variant => FormattableString.Invariant($"{_convolution.Name} simd{Microkernel.Columns * 16}");

    /// <summary>Elements of packed pixels that a worker needs.</summary>
    public static int ScratchLength => DepthBlock * _panelBlock * Microkernel.Columns;

    public override void Execute(int worker, int workers)
    {
        int panels = _output.N * _panelsPerImage;
        (int first, int last) = _shareChannels ? (0, panels) : Share(panels, worker, workers);
        (int firstBlock, int lastBlock) = _shareChannels ? Share(_channelBlocks, worker, workers) : (0, _channelBlocks);
        if (firstBlock == lastBlock)
            return;
        while (first < last)
        {
            int n = first / _panelsPerImage;
            int start = first - n * _panelsPerImage;
            int remaining = Math.Min(last - first, _panelsPerImage - start);
            // Even blocks: never a last one of a single panel.
            int count = remaining / ((remaining + _panelBlock - 1) / _panelBlock);
            RunBlock(_scratch[worker], n, start, count, firstBlock, lastBlock);
            first += count;
        }
    }

    private void RunBlock(ConvolutionScratch scratch, int n, int panel, int panels, int firstBlock, int lastBlock)
    {
        int columns = Microkernel.Columns;
        int firstPixel = panel * columns;
        int pixels = Math.Min(panels * columns, _output.Plane - firstPixel);
        View source = Input(0);
        View second = _convolution.ExpandAddRelu ? Input(1) : default;
        for (int depth = 0; depth < _depth; depth += DepthBlock)
        {
            int steps = Math.Min(DepthBlock, _depth - depth);
            _source.Pack(source.Plane(n, 0), _convolution.ExpandAddRelu ? second.Plane(n, 0) : null,
                depth, steps, firstPixel, pixels, panels, scratch);
            for (int block = firstBlock; block < lastBlock; block++)
            {
                float* filter = _weights.Filter + ((long)block * _depth + depth) * Microkernel.Rows;
                for (int p = 0; p < panels; p++)
                {
                    Microkernel.Run(steps, filter, scratch.Packed + (long)p * steps * columns, scratch.Tile);
                    Store(scratch.Tile, n, block * Microkernel.Rows, firstPixel + p * columns, depth == 0, depth + steps == _depth);
                }
            }
        }
    }

    /// <summary>Adds a tile to the output; the last time with the epilogue.</summary>
    private void Store(float* tile, int n, int channel, int pixel, bool isFirst, bool isLast)
    {
        View output = Output(0);
        int rows = Math.Min(Microkernel.Rows, _output.C - channel);
        int columns = Math.Min(Microkernel.Columns, _output.Plane - pixel);
        Epilogue epilogue = isLast ? _convolution.Epilogue : Epilogue.None;
        int next = _convolution.SourceInputs;
        float* residual = (epilogue & Epilogue.Residual) != 0 ? Input(next++).Plane(n, channel) + pixel : null;
        float* factor = (epilogue & Epilogue.Multiply) != 0 ? Input(next).Plane(n, channel) + pixel : null;
        float* target = output.Plane(n, channel) + pixel;
        for (int r = 0; r < rows; r++)
        {
            var bias = new Vector<float>(isLast ? _weights.Bias[channel + r] : 0f);
            float* sums = tile + r * Microkernel.Columns;
            long row = (long)r * _output.Plane;
            for (int j = 0; j < columns; j += Vector<float>.Count)
            {
                int count = columns - j;
                Vector<float> value = Vector.Load(sums + j);
                if (!isFirst)
                    value += SimdMath.Load(target + row + j, count);
                value += bias;
                if (residual != null)
                    value += SimdMath.Load(residual + row + j, count);
                if ((epilogue & Epilogue.Relu) != 0)
                    value = SimdMath.Relu(value);
                else if ((epilogue & Epilogue.Sigmoid) != 0)
                    value = SimdMath.Sigmoid(value);
                if (factor != null)
                    value *= SimdMath.Load(factor + row + j, count);
                SimdMath.Store(value, target + row + j, count);
            }
        }
    }

    private static long Longest(long items, int workers) => (items + workers - 1) / workers;
}
