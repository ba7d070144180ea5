namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Threads share rows of tiles, for few channels: each takes its rows from inputs to outputs, and nothing that it makes on
/// the way is read by another. Transforms of a chunk of rows, and the filters and products of a few output channels at a
/// time, stay in its own cache. Each thread transforms all filters, which would take too long where channels are many.
/// </summary>
internal sealed unsafe class WinogradByRows : WinogradConvolution
{
    /// <summary>Elements of the transformed inputs of a chunk: 512 KB.</summary>
    private const int ChunkLength = 1 << 17;

    /// <summary>Fewer tiles in a chunk would not be worth reading all filters.</summary>
    private const int FewestTiles = 64;

    /// <summary>Elements of the transformed filters, at most: 3 MB.</summary>
    private const int FilterLength = 3 << 18;

    /// <summary>Blocks of output channels whose products are made and transformed back at once.</summary>
    private const int ProductBlocks = 4;

    private readonly int _workers;
    private readonly WinogradChunk _chunk;
    private readonly bool _keepsFilters;

    public WinogradByRows(Team team, Convolution convolution, Shape input, Shape output)
        : base(team, convolution, input, output)
    {
        _workers = team.Size;
        int share = LongestShare(Images * Tiling.Rows, team.Size);
        _chunk = Chunk(convolution, Tiling, share);
        _keepsFilters = share > _chunk.Rows;
    }

    public override long WorkspaceLength => _workers * (Filters + _chunk.Length + 16);

    /// <summary>Elements of the transformed filters of a worker.</summary>
    private long Filters => WinogradChunk.Numbers * FilterStride;

    private long FilterStride => WinogradChunk.FilterStride(_keepsFilters ? ChannelBlocks : ProductBlocks, Convolution.InChannels);

    /// <summary>Whether the filters are small, and the rows can be shared out evenly, in full panels.</summary>
    public static bool Pays(Convolution convolution, Shape output, int workers)
    {
        if (convolution.InChannels > PanelScratch.Depth
            || WinogradChunk.Numbers * WinogradChunk
                .FilterStride(ConvolutionFilter.Blocks(convolution), convolution.InChannels) > FilterLength)
            return false;
        var tiling = new WinogradTiling(convolution, output);
        int rows = output.N * tiling.Rows;
        int share = LongestShare(rows, workers);
        WinogradChunk chunk = Chunk(convolution, tiling, share);
        return 8L * workers * Chunks(share, chunk.Rows) * chunk.Tiles <= 9L * rows * tiling.RowLength;
    }

    public override void Run(in ConvolutionOperands operands, int phase, int worker, int workers)
    {
        // The same part of the workspace in every operation of inference: what lies in this thread's cache needs not be fetched.
        float* filters = operands.Workspace + (long)worker * (operands.WorkspaceLength / workers / 16 * 16);
        float* panels = filters + Filters;
        float* products = panels + _chunk.Inputs;
        int channels = Convolution.InChannels;
        if (_keepsFilters)
            TransformFilters(operands, 0, ChannelBlocks, 0, channels, filters, FilterStride);
        (int row, int end) = SimdOperation.Share(Images * Tiling.Rows, worker, workers);
        while (row < end)
        {
            int n = row / Tiling.Rows;
            int firstRow = row - n * Tiling.Rows;
            int lastRow = Math.Min(Math.Min(firstRow + _chunk.Rows, Tiling.Rows), firstRow + end - row);
            TransformInputs(operands, _chunk, panels, n, 0, 0, channels, firstRow, lastRow, worker);
            for (int block = 0; block < ChannelBlocks; block += ProductBlocks)
            {
                int blocks = Math.Min(ProductBlocks, ChannelBlocks - block);
                if (!_keepsFilters)
                    TransformFilters(operands, block, block + blocks, 0, channels, filters, FilterStride);
                float* filter = _keepsFilters ? filters + (long)block * WinogradChunk.FilterBlock(channels) : filters;
                Multiply(_chunk, filter, FilterStride, blocks, Convolution.OutChannels - block * Microkernel.Rows, panels,
                    (lastRow - firstRow) * Tiling.RowLength, channels, products, adds: false);
                WriteBlocks(operands, _chunk, products, n, block, block + blocks, firstRow, lastRow, worker);
            }
            row += lastRow - firstRow;
        }
    }

    private static WinogradChunk Chunk(Convolution convolution, WinogradTiling tiling, int share)
    {
        int most = WinogradChunk.RowsIn(ChunkLength, FewestTiles, tiling.RowLength, convolution.InChannels, channelBlocks: 0);
        // Even chunks: never a last one of a single row.
        int rows = (share + Chunks(share, most) - 1) / Chunks(share, most);
        return new WinogradChunk(rows, tiling.RowLength, convolution.InChannels, ProductBlocks);
    }

    private static int LongestShare(int rows, int workers) => (rows + workers - 1) / workers;

    private static int Chunks(int rows, int most) => (rows + most - 1) / most;
}
