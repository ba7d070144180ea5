namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// How the transformed inputs and the products of some rows of tiles lie in memory: 36 matrices each, of panels of
/// channels of tiles, and of channels of tiles.
/// </summary>
/// <param name="rows">The most rows of tiles.</param>
/// <param name="rowLength">Tiles of a row, in whole vectors.</param>
/// <param name="steps">The most input channels.</param>
/// <param name="channelBlocks">Blocks of output channels.</param>
internal sealed class WinogradChunk(int rows, int rowLength, int steps, int channelBlocks)
{
    /// <summary>Matrices: one for each number of a transformed tile.</summary>
    public const int Numbers = WinogradTiling.Inputs * WinogradTiling.Inputs;

    /// <summary>Strides of the 36 matrices are not powers of two, so that they lie in different sets of the caches.</summary>
    private const int Skew = 16;

    private readonly int _panels = (rows * rowLength + Microkernel.Columns - 1) / Microkernel.Columns;

    /// <summary>Rows of tiles, at most.</summary>
    public int Rows => rows;

    /// <summary>Tiles, in whole panels.</summary>
    public int Tiles => _panels * Microkernel.Columns;

    /// <summary>From panel to panel of the inputs.</summary>
    public int PanelStride => steps * Microkernel.Columns;

    /// <summary>From one matrix of the inputs to the next.</summary>
    public long InputStride => (long)_panels * PanelStride + Skew;

    /// <summary>From one matrix of the products to the next.</summary>
    public long ProductStride => (long)channelBlocks * Microkernel.Rows * Tiles + Skew;

    /// <summary>Elements of the inputs, which the products follow.</summary>
    public long Inputs => Numbers * InputStride;

    /// <summary>Elements of both.</summary>
    public long Length => Inputs + Numbers * ProductStride;

    /// <summary>From one block of transformed filters to the next: the last vectors of a block reach beyond it.</summary>
    public static int FilterBlock(int steps) => steps * Microkernel.Rows + Skew;

    /// <summary>From one matrix of the transformed filters of so many blocks to the next.</summary>
    public static long FilterStride(int blocks, int steps) => (long)blocks * FilterBlock(steps) + Skew;

    /// <summary>
    /// How many rows of tiles have transforms of <paramref name="length"/> elements, but at least
    /// <paramref name="fewestTiles"/>.
    /// </summary>
    public static int RowsIn(long length, int fewestTiles, int rowLength, int steps, int channelBlocks) =>
        (int)Math.Max(length / ((long)Numbers * rowLength * (steps + channelBlocks * Microkernel.Rows)),
            (fewestTiles + rowLength - 1) / rowLength);
}
