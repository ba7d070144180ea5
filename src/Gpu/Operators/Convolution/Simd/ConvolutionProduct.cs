using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Convolution as a blocked matrix product without a column buffer of the image: a worker takes a run of output
/// pixels, packs a block of at most <see cref="PanelScratch.Depth"/> (in, kh, kw) x <see cref="PanelScratch.Panels"/>
/// pixel panels, and multiplies every block of output channels with it. Sums over depth are taken in blocks of a fixed
/// size, so they do not depend on how pixels or channels are shared out.
/// </summary>
internal sealed unsafe class ConvolutionProduct : ConvolutionAlgorithm
{
    /// <summary>Its name.</summary>
    public const string Word = "simd";

    /// <summary>For tiles of fewer steps asking for their lines takes longer than it saves.</summary>
    private const int FewSteps = 128;

    private readonly Epilogue _epilogue;
    private readonly ConvolutionSource _source;
    private readonly PanelScratch[] _scratch;
    private readonly Shape _output;
    private readonly int _depth;
    private readonly int _channelBlocks;
    private readonly int _panelsPerImage;
    private readonly bool _shareChannels;
    private readonly bool _prefetches;
    private readonly int _steps;

    public ConvolutionProduct(PanelScratch[] scratch, Convolution convolution, Shape input, Shape output)
    {
        _epilogue = convolution.Epilogue;
        _scratch = scratch;
        _output = output;
        _source = new ConvolutionSource(convolution, input, output);
        _depth = ConvolutionFilter.Depth(convolution);
        _channelBlocks = ConvolutionFilter.Blocks(convolution);
        _panelsPerImage = (output.Plane + Microkernel.Columns - 1) / Microkernel.Columns;
        // Even blocks: never a last one of a few steps.
        int depthBlocks = (_depth + PanelScratch.Depth - 1) / PanelScratch.Depth;
        _steps = (_depth + depthBlocks - 1) / depthBlocks;
        long panels = (long)output.N * _panelsPerImage;
        _prefetches = output.Count > PanelScratch.NearLength && _steps >= FewSteps;
        // Strips have few pixels and many channels: there the channels are shared out.
        _shareChannels = panels * Longest(_channelBlocks, scratch.Length) < Longest(panels, scratch.Length) * _channelBlocks;
    }

    public override string Name => Word;

    public override void Run(in ConvolutionOperands operands, int phase, int worker, int workers)
    {
        int panels = _output.N * _panelsPerImage;
        (int first, int last) = _shareChannels ? (0, panels) : SimdOperation.Share(panels, worker, workers);
        (int firstBlock, int lastBlock) = _shareChannels ? SimdOperation.Share(_channelBlocks, worker, workers) : (0, _channelBlocks);
        if (firstBlock == lastBlock)
            return;
        while (first < last)
        {
            int n = first / _panelsPerImage;
            int start = first - n * _panelsPerImage;
            int remaining = Math.Min(last - first, _panelsPerImage - start);
            // Even blocks: never a last one of a single panel.
            int count = remaining / ((remaining + PanelScratch.Panels - 1) / PanelScratch.Panels);
            RunBlock(operands, _scratch[worker], n, start, count, firstBlock, lastBlock);
            first += count;
        }
    }

    private void RunBlock(
        in ConvolutionOperands operands, PanelScratch scratch, int n, int panel, int panels, int firstBlock, int lastBlock)
    {
        int columns = Microkernel.Columns;
        int firstPixel = panel * columns;
        int pixels = Math.Min(panels * columns, _output.Plane - firstPixel);
        ConvolutionTaps taps = _source.TapsInside(firstPixel, pixels);
        for (int depth = 0; depth < _depth; depth += _steps)
        {
            int all = Math.Min(_steps, _depth - depth);
            int steps = taps.Count(depth, all);
            bool isLast = depth + all == _depth;
            _source.Pack(operands.Source.Plane(n, 0), operands.RowSource.Plane(n, 0),
                depth, all, taps, firstPixel, pixels, panels, scratch);
            for (int block = firstBlock; block < lastBlock; block++)
            {
                float* filter = operands.Filter + ((long)block * _depth + depth) * Microkernel.Rows;
                if (!taps.AreAll)
                {
                    taps.Copy(filter, depth, all, scratch.Filter);
                    filter = scratch.Filter;
                }
                int channel = block * Microkernel.Rows;
                int rows = Math.Min(Microkernel.Rows, _output.C - channel);
                // Whole tiles go from the registers to the output; a sigmoid and products would take registers that they need.
                bool isWhole = rows == Microkernel.RowsFor(rows) && (!isLast || (_epilogue & (Epilogue.Sigmoid | Epilogue.Multiply)) == 0);
                bool hasResidual = isLast && (_epilogue & Epilogue.Residual) != 0;
                for (int p = 0; p < panels; p++)
                {
                    float* packed = scratch.Packed + (long)p * steps * columns;
                    int pixel = firstPixel + p * columns;
                    if (isWhole && pixel + columns <= _output.Plane)
                    {
                        var store = new TileStore(operands.Output.Plane(n, channel) + pixel, _output.Plane)
                        {
                            Adds = depth > 0,
                            Bias = isLast && operands.Bias != null ? operands.Bias + channel : null,
                            Residual = hasResidual ? operands.Residual.Plane(n, channel) + pixel : null,
                            Relu = isLast && (_epilogue & Epilogue.Relu) != 0,
                        };
                        if (_prefetches)
                            store.Prefetch(rows);
                        Microkernel.Run(rows, steps, filter, packed, store);
                        continue;
                    }
                    Microkernel.Run(rows, steps, filter, packed, new TileStore(scratch.Tile, columns));
                    Store(operands, scratch.Tile, n, channel, pixel, depth == 0, isLast);
                }
            }
        }
    }

    /// <summary>Adds a tile to the output; the last time with the epilogue.</summary>
    private void Store(in ConvolutionOperands operands, float* tile, int n, int channel, int pixel, bool isFirst, bool isLast)
    {
        int rows = Math.Min(Microkernel.Rows, _output.C - channel);
        int columns = Math.Min(Microkernel.Columns, _output.Plane - pixel);
        Epilogue epilogue = isLast ? _epilogue : Epilogue.None;
        float* biases = isLast ? operands.Bias : null;
        float* residual = (epilogue & Epilogue.Residual) != 0 ? operands.Residual.Plane(n, channel) + pixel : null;
        float* factor = (epilogue & Epilogue.Multiply) != 0 ? operands.Factor.Plane(n, channel) + pixel : null;
        float* target = operands.Output.Plane(n, channel) + pixel;
        for (int r = 0; r < rows; r++)
        {
            long row = (long)r * _output.Plane;
            float bias = biases != null ? biases[channel + r] : 0f;
            float* sums = tile + r * Microkernel.Columns;
            int j = 0;
            // Whole vectors apart: with a constant count nothing is left of the tests for parts.
            for (; j <= columns - Vector<float>.Count; j += Vector<float>.Count)
                Store(epilogue, isFirst, sums + j, bias, residual + row + j, factor + row + j, target + row + j, Vector<float>.Count);
            if (j < columns)
                Store(epilogue, isFirst, sums + j, bias, residual + row + j, factor + row + j, target + row + j, columns - j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Epilogue epilogue, bool isFirst, float* sums, float bias, float* residual, float* factor, float* target, int count)
    {
        Vector<float> value = Vector.Load(sums);
        if (!isFirst)
            value += SimdMath.Load(target, count);
        SimdMath.Store(EpilogueMath.Apply(epilogue, value + new Vector<float>(bias), residual, factor, count), target, count);
    }

    private static long Longest(long items, int workers) => (items + workers - 1) / workers;
}
