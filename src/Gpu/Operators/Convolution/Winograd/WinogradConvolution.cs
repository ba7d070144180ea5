namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// A 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): inputs and filters are transformed, multiplied as 36
/// independent matrix products (out x in times in x tiles), and transformed back; 36 multiplications instead of 144 for
/// 16 outputs. Sums over channels do not depend on how tiles and channels are shared out.
/// </summary>
internal abstract unsafe class WinogradConvolution : ConvolutionAlgorithm
{
    /// <summary>The products of how many tiles take as long as the transform of the filters.</summary>
    private const int FilterTiles = 16;

    private readonly WinogradInput _input;
    private readonly WinogradOutput _output;

    protected WinogradConvolution(Team team, Convolution convolution, Shape input, Shape output)
    {
        Convolution = convolution;
        Images = output.N;
        Tiling = new WinogradTiling(convolution, output);
        ChannelBlocks = ConvolutionFilter.Blocks(convolution);
        _input = new WinogradInput(team, convolution, input, Tiling);
        _output = new WinogradOutput(team, convolution.Epilogue, output, Tiling);
    }

    public override string Name => "winograd";

    protected Convolution Convolution { get; }

    protected WinogradTiling Tiling { get; }

    protected int ChannelBlocks { get; }

    protected int Images { get; }

    /// <summary>Whether it can compute a convolution, and faster than plain sums.</summary>
    public static bool Pays(Convolution convolution, Shape output)
    {
        if (!WinogradTiling.Suits(convolution, output))
            return false;
        var tiling = new WinogradTiling(convolution, output);
        return WinogradChunk.Numbers * ((long)tiling.Rows * tiling.RowLength + FilterTiles) <= 9L * output.Plane;
    }

    /// <summary>The way that moves less between the threads' caches.</summary>
    public static WinogradConvolution Choose(Team team, Convolution convolution, Shape input, Shape output) =>
        WinogradByRows.Pays(convolution, output, team.Size)
            ? new WinogradByRows(team, convolution, input, output)
            : new WinogradByChannels(team, convolution, input, output);

    /// <summary>
    /// Transforms input channels [first, last) of the block that begins at <paramref name="depth"/>, under rows of
    /// tiles [firstRow, lastRow).
    /// </summary>
    protected void TransformInputs(
        in ConvolutionOperands operands, WinogradChunk chunk, float* panels, int n, int depth, int first, int last, int firstRow,
        int lastRow, int worker)
    {
        // Whole panels first, channels within: what is written at a time lies side by side, in few pages.
        int rows = Tiling.RowsOfPanels;
        for (int row = firstRow; row < lastRow; row += rows)
        {
            float* target = panels + (long)((row - firstRow) * Tiling.RowLength / Microkernel.Columns) * chunk.PanelStride;
            int end = Math.Min(row + rows, lastRow);
            for (int c = first; c < last; c += _input.Channels)
                _input.Run(operands, n, depth + c, Math.Min(_input.Channels, last - c), row, end,
                    target + c * Microkernel.Columns, chunk.PanelStride, chunk.InputStride, worker);
        }
    }

    /// <summary>Transforms blocks [first, last) of output channels for <paramref name="steps"/> input channels.</summary>
    protected void TransformFilters(in ConvolutionOperands operands, int first, int last, int depth, int steps, float* target, long stride)
    {
        for (int block = first; block < last; block++)
        {
            float* filter = operands.Filter + ((long)block * Convolution.InChannels + depth) * 9 * Microkernel.Rows;
            WinogradFilter.Run(filter, steps, target + (long)(block - first) * WinogradChunk.FilterBlock(steps), stride);
        }
    }

    /// <summary>
    /// Multiplies the inputs with <paramref name="blocks"/> blocks of filters, which have at most <paramref name="rows"/>
    /// output channels; adds to products of earlier input channels.
    /// </summary>
    protected static void Multiply(
        WinogradChunk chunk, float* filters, long filterStride, int blocks, int rows, float* panels, int tiles, int steps,
        float* products, bool adds)
    {
        int used = (tiles + Microkernel.Columns - 1) / Microkernel.Columns;
        for (int number = 0; number < WinogradChunk.Numbers; number++)
        {
            for (int panel = 0; panel < used; panel++)
            {
                float* input = panels + number * chunk.InputStride + (long)panel * chunk.PanelStride;
                float* target = products + number * chunk.ProductStride + panel * Microkernel.Columns;
                for (int b = 0; b < blocks; b++)
                {
                    float* filter = filters + number * filterStride + (long)b * WinogradChunk.FilterBlock(steps);
                    float* tile = target + (long)b * Microkernel.Rows * chunk.Tiles;
                    int present = Math.Min(rows - b * Microkernel.Rows, Microkernel.Rows);
                    Microkernel.Run(present, steps, filter, input, new TileStore(tile, chunk.Tiles) { Adds = adds });
                }
            }
        }
    }

    /// <summary>
    /// Transforms the products of blocks [first, last) of output channels back, with the epilogue; those of the first
    /// lie first.
    /// </summary>
    protected void WriteBlocks(
        in ConvolutionOperands operands, WinogradChunk chunk, float* products, int n, int first, int last, int firstRow, int lastRow,
        int worker)
    {
        int channel = first * Microkernel.Rows;
        int end = Math.Min(last * Microkernel.Rows, Convolution.OutChannels);
        for (; channel < end; channel++, products += chunk.Tiles)
            _output.Run(products, chunk.ProductStride, firstRow, lastRow, operands, n, channel, worker);
    }
}
