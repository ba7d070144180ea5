namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Threads share channels, for many channels and few tiles: each transforms its part of the filters. Work goes by chunks
/// of rows of tiles, whose transforms stay in the last-level cache, and by blocks of input channels.
/// </summary>
internal sealed unsafe class WinogradByChannels : WinogradConvolution
{
    /// <summary>Elements of the transformed inputs and products of a chunk: 12 MB, which the last-level cache holds.</summary>
    private const int ChunkLength = 3 << 20;

    /// <summary>Fewer tiles in a chunk would not be worth the transforms of all filters.</summary>
    private const int FewestTiles = 256;

    /// <summary>Elements of the transformed filters that one pass over the inputs takes, at most, or one block of channels: 3 MB.</summary>
    private const int FilterLength = 3 << 18;

    private readonly WinogradChunk _chunk;
    private readonly int _chunks;
    private readonly int _depths;
    private readonly int _steps;
    private readonly int _filterBlocks;

    public WinogradByChannels(Team team, Convolution convolution, Shape input, Shape output)
        : base(team, convolution, input, output)
    {
        _depths = (convolution.InChannels + PanelScratch.Depth - 1) / PanelScratch.Depth;
        _steps = (convolution.InChannels + _depths - 1) / _depths;
        _filterBlocks = Math.Clamp(FilterLength / (WinogradChunk.Numbers * Microkernel.Rows * _steps), 1, ChannelBlocks);
        int productBlocks = _depths > 1 ? ChannelBlocks : _filterBlocks * team.Size;
        int mostRows = WinogradChunk.RowsIn(ChunkLength, FewestTiles, Tiling.RowLength, _steps, productBlocks);
        _chunks = (Tiling.Rows + mostRows - 1) / mostRows;
        _chunk = new WinogradChunk((Tiling.Rows + _chunks - 1) / _chunks, Tiling.RowLength, _steps, productBlocks);
        WorkspaceLength = _chunk.Length + team.Size * WinogradChunk.Numbers * FilterStride;
    }

    public override long WorkspaceLength { get; }

    public override int Phases => Images * _chunks * PhasesPerChunk;

    /// <summary>Inputs and products of each block of input channels; then the outputs, unless the first products are the last.</summary>
    private int PhasesPerChunk => _depths > 1 ? 2 * _depths + 1 : 2;

    private long FilterStride => WinogradChunk.FilterStride(_filterBlocks, _steps);

    public override void Run(in ConvolutionOperands operands, int phase, int worker, int workers)
    {
        int chunk = phase / PhasesPerChunk;
        int step = phase - chunk * PhasesPerChunk;
        int n = chunk / _chunks;
        int firstRow = (chunk - n * _chunks) * _chunk.Rows;
        int lastRow = Math.Min(firstRow + _chunk.Rows, Tiling.Rows);
        int depth = step / 2 * _steps;
        int steps = Math.Min(_steps, Convolution.InChannels - depth);
        float* panels = operands.Workspace;
        float* products = panels + _chunk.Inputs;
        if (step == 2 * _depths)
        {
            (int first, int last) = SimdOperation.Share(ChannelBlocks, worker, workers);
            products += (long)first * Microkernel.Rows * _chunk.Tiles;
            WriteBlocks(operands, _chunk, products, n, first, last, firstRow, lastRow, worker);
        }
        else if (step % 2 == 0)
        {
            (int first, int last) = SimdOperation.Share(steps, worker, workers);
            TransformInputs(operands, _chunk, panels, n, depth, first, last, firstRow, lastRow, worker);
        }
        else
        {
            float* filters = panels + _chunk.Length + worker * WinogradChunk.Numbers * FilterStride;
            (int first, int last) = SimdOperation.Share(ChannelBlocks, worker, workers);
            for (int block = first; block < last; block += _filterBlocks)
            {
                int blocks = Math.Min(_filterBlocks, last - block);
                float* target = products + (long)(_depths > 1 ? block : worker * _filterBlocks) * Microkernel.Rows * _chunk.Tiles;
                TransformFilters(operands, block, block + blocks, depth, steps, filters, FilterStride);
                Multiply(_chunk, filters, FilterStride, blocks, Convolution.OutChannels - block * Microkernel.Rows, panels,
                    (lastRow - firstRow) * Tiling.RowLength, steps, target, adds: depth > 0);
                if (_depths == 1)
                    WriteBlocks(operands, _chunk, target, n, block, block + blocks, firstRow, lastRow, worker);
            }
        }
    }
}
