using System.Numerics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// A 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): inputs and filters are transformed, multiplied as 36
/// independent matrix products (out x in times in x tiles), and transformed back; 36 multiplications instead of 144 for
/// 16 outputs. Work goes by chunks of rows of tiles, whose transforms stay in the caches, and by blocks of input
/// channels; sums over channels do not depend on either the chunks or the number of threads.
/// </summary>
internal sealed unsafe class WinogradOperation : SimdOperation
{
    private const int Numbers = WinogradTiling.Inputs * WinogradTiling.Inputs;

    /// <summary>Elements of the transformed inputs and products of a chunk: 12 MB, which the last-level cache holds.</summary>
    private const int ChunkLength = 3 << 20;

    /// <summary>Fewer tiles in a chunk would not be worth the transforms of all filters.</summary>
    private const int FewestTiles = 256;

    /// <summary>Elements of the transformed filters that one pass over the inputs takes.</summary>
    private const int FilterLength = 7 << 18;

    /// <summary>With fewer channels in or out the transforms of the image take longer than the products save.</summary>
    private const int FewestChannels = 16;

    /// <summary>The products of how many tiles take as long as the transform of the filters.</summary>
    private const int FilterTiles = 16;

    /// <summary>Strides of the 36 numbers are not powers of two, so that they lie in different sets of the caches.</summary>
    private const int Skew = 16;

    private readonly ConvolutionScratch[] _scratch;
    private readonly Workspace _workspace;
    private readonly Convolution _convolution;
    private readonly ConvolutionWeights _weights;
    private readonly WinogradTiling _tiling;
    private readonly WinogradInput _input;
    private readonly WinogradOutput _output;
    private readonly int _images;
    private readonly int _chunks;
    private readonly int _chunkRows;
    private readonly int _panels;
    private readonly int _channelBlocks;
    private readonly int _depths;
    private readonly int _steps;
    private readonly int _filterBlocks;

    public WinogradOperation(
        Team team, ConvolutionScratch[] scratch, Workspace workspace, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionWeights weights)
        : base(team)
    {
        (_scratch, _workspace, _convolution, _weights) = (scratch, workspace, convolution, weights);
        Shape input = convolution.Source(inputs);
        Shape output = convolution.Infer(inputs)[0];
        _images = output.N;
        _tiling = new WinogradTiling(convolution, output);
        _channelBlocks = ConvolutionFilter.Blocks(convolution);
        _depths = (convolution.InChannels + ConvolutionScratch.Depth - 1) / ConvolutionScratch.Depth;
        _steps = (convolution.InChannels + _depths - 1) / _depths;
        long rowLength = (long)Numbers * _tiling.RowLength * (_steps + _channelBlocks * Microkernel.Rows);
        long mostRows = Math.Max(ChunkLength / rowLength, (FewestTiles + _tiling.RowLength - 1) / _tiling.RowLength);
        _chunks = (int)((_tiling.Rows + mostRows - 1) / mostRows);
        _chunkRows = (_tiling.Rows + _chunks - 1) / _chunks;
        _panels = (_chunkRows * _tiling.RowLength + Microkernel.Columns - 1) / Microkernel.Columns;
        _filterBlocks = Math.Clamp(FilterLength / (Numbers * Microkernel.Rows * _steps), 1, _channelBlocks);
        _input = new WinogradInput(team, convolution, input, _tiling);
        _output = new WinogradOutput(team, convolution.Epilogue, output, _tiling);
        workspace.Reserve(checked((int)(Numbers * (InputStride + ProductStride + team.Size * FilterStride))));
    }

    /// <summary>Whether it can compute a convolution, and faster than plain sums.</summary>
    public static bool Pays(Convolution convolution, ReadOnlySpan<Shape> inputs)
    {
        if (convolution is not { Kernel: { Height: 3, Width: 3 }, Stride: { Height: 1, Width: 1 }, InChannels: >= FewestChannels, OutChannels: >= FewestChannels })
            return false;
        Shape output = convolution.Infer(inputs)[0];
        var tiling = new WinogradTiling(convolution, output);
        return Numbers * ((long)tiling.Rows * tiling.RowLength + FilterTiles) <= 9L * output.Plane;
    }

    public override string Variant => FormattableString.Invariant($"{_convolution.Name} winograd{Microkernel.Columns * 16}");

    protected override int Phases => _images * _chunks * PhasesPerChunk;

    /// <summary>Inputs and products of each block of input channels, then the outputs.</summary>
    private int PhasesPerChunk => 2 * _depths + 1;

    /// <summary>From one of the 36 numbers of the transformed inputs to the next: panels of channels of tiles.</summary>
    private long InputStride => (long)_panels * _steps * Microkernel.Columns + Skew;

    /// <summary>From one of the 36 numbers of the products to the next: channels of tiles.</summary>
    private long ProductStride => (long)_channelBlocks * Microkernel.Rows * Tiles + Skew;

    /// <summary>From one of the 36 numbers of the transformed filters to the next: blocks of channels.</summary>
    private long FilterStride => (long)_filterBlocks * _steps * Microkernel.Rows + Skew;

    /// <summary>Tiles of a chunk, in whole panels.</summary>
    private int Tiles => _panels * Microkernel.Columns;

    public override void Execute(int worker, int workers)
    {
        int chunk = Phase / PhasesPerChunk;
        int step = Phase - chunk * PhasesPerChunk;
        int n = chunk / _chunks;
        int firstRow = (chunk - n * _chunks) * _chunkRows;
        int lastRow = Math.Min(firstRow + _chunkRows, _tiling.Rows);
        int depth = step / 2 * _steps;
        int steps = Math.Min(_steps, _convolution.InChannels - depth);
        if (step == 2 * _depths)
            WriteOutputs(n, firstRow, lastRow, worker, workers);
        else if (step % 2 == 0)
            TransformInputs(n, firstRow, lastRow, depth, steps, worker, workers);
        else
            Multiply((lastRow - firstRow) * _tiling.RowLength, depth, steps, worker, workers);
    }

    private void TransformInputs(int n, int firstRow, int lastRow, int depth, int steps, int worker, int workers)
    {
        float* panels = SimdMemory.Floats(_workspace);
        (int first, int last) = Share(steps, worker, workers);
        for (int c = first; c < last; c++)
        {
            float* rowSource = _convolution.ExpandAddRelu ? Input(1).Plane(n, depth + c) : null;
            _input.Run(Input(0).Plane(n, depth + c), rowSource, firstRow, lastRow,
                panels + c * Microkernel.Columns, (long)_steps * Microkernel.Columns, InputStride, worker);
        }
    }

    private void Multiply(int tiles, int depth, int steps, int worker, int workers)
    {
        int usedPanels = (tiles + Microkernel.Columns - 1) / Microkernel.Columns;
        float* panels = SimdMemory.Floats(_workspace);
        float* products = panels + Numbers * InputStride;
        float* filters = products + Numbers * (ProductStride + worker * FilterStride);
        (int first, int last) = Share(_channelBlocks, worker, workers);
        for (int block = first; block < last; block += _filterBlocks)
        {
            int blocks = Math.Min(_filterBlocks, last - block);
            int blockLength = steps * Microkernel.Rows;
            for (int b = 0; b < blocks; b++)
            {
                float* filter = _weights.Filter + ((long)(block + b) * _convolution.InChannels + depth) * 9 * Microkernel.Rows;
                WinogradFilter.Run(filter, steps, filters + b * blockLength, FilterStride);
            }
            for (int number = 0; number < Numbers; number++)
            {
                for (int panel = 0; panel < usedPanels; panel++)
                {
                    float* input = panels + number * InputStride + (long)panel * _steps * Microkernel.Columns;
                    float* target = products + number * ProductStride + (long)block * Microkernel.Rows * Tiles + panel * Microkernel.Columns;
                    for (int b = 0; b < blocks; b++)
                        MultiplyTile(filters + number * FilterStride + b * blockLength, input, steps, target + (long)b * Microkernel.Rows * Tiles, depth == 0, _scratch[worker].Tile);
                }
            }
        }
    }

    private void MultiplyTile(float* filter, float* input, int steps, float* target, bool isFirst, float* tile)
    {
        if (isFirst)
        {
            Microkernel.Run(Microkernel.Rows, steps, filter, input, target, Tiles);
            return;
        }
        Microkernel.Run(Microkernel.Rows, steps, filter, input, tile, Microkernel.Columns);
        for (int r = 0; r < Microkernel.Rows; r++)
        {
            float* to = target + (long)r * Tiles;
            for (int j = 0; j < Microkernel.Columns; j += Vector<float>.Count)
                (Vector.Load(to + j) + Vector.Load(tile + r * Microkernel.Columns + j)).Store(to + j);
        }
    }

    private void WriteOutputs(int n, int firstRow, int lastRow, int worker, int workers)
    {
        float* products = SimdMemory.Floats(_workspace) + Numbers * InputStride;
        int next = _convolution.SourceInputs;
        var operands = new ConvolutionOperands
        {
            Bias = _weights.Bias,
            Residual = (_convolution.Epilogue & Epilogue.Residual) != 0 ? Input(next++) : default,
            Factor = (_convolution.Epilogue & Epilogue.Multiply) != 0 ? Input(next) : default,
            Output = Output(0),
        };
        (int first, int last) = Share(_convolution.OutChannels, worker, workers);
        for (int channel = first; channel < last; channel++)
            _output.Run(products + (long)channel * Tiles, ProductStride, firstRow, lastRow, operands, n, channel, worker);
    }
}
