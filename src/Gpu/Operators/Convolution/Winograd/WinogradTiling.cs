using System.Numerics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// How the output of a 3x3 convolution is cut into tiles of 4x4. With a dilation d the pixels whose coordinates agree
/// modulo d are an ordinary convolution of their own, so a tile takes every d-th pixel. A row of tiles holds, for each
/// 4d columns of the image from left to right, the d tiles that begin side by side: together they cover whole rows.
/// </summary>
internal sealed class WinogradTiling
{
    /// <summary>Sides of a tile of outputs.</summary>
    public const int Outputs = 4;

    /// <summary>Sides of the inputs under a tile: 4 + 3 - 1.</summary>
    public const int Inputs = 6;

    /// <summary>With fewer channels in or out the transforms of images take longer than the products save.</summary>
    private const int FewestChannels = 16;

    private readonly int _tilesDown;

    public WinogradTiling(Convolution convolution, Shape output)
    {
        Dilation = convolution.Dilation;
        _tilesDown = Tiles(output.H, Dilation.Height);
        Rows = Math.Min(Dilation.Height, output.H) * _tilesDown;
        TilesAcross = Tiles(output.W, Dilation.Width);
        int lanes = Vector<float>.Count;
        RowLength = (TilesOfRow + lanes - 1) / lanes * lanes;
    }

    public Size2D Dilation { get; }

    /// <summary>Rows of tiles in an image.</summary>
    public int Rows { get; }

    /// <summary>Tiles of one column modulo d in a row.</summary>
    public int TilesAcross { get; }

    /// <summary>All tiles of a row.</summary>
    public int TilesOfRow => Dilation.Width * TilesAcross;

    /// <summary>All tiles of a row and what fills the last vector.</summary>
    public int RowLength { get; }

    /// <summary>The fewest rows that fill whole panels.</summary>
    public int RowsOfPanels => Microkernel.Columns / (int)BigInteger.GreatestCommonDivisor(RowLength, Microkernel.Columns);

    /// <summary>
    /// Whether a convolution is a 3x3 one of stride 1 between enough channels. Outputs under which padding alone lies, of paddings
    /// beyond the taps, are exactly the bias, and tiles would give them the rounding of others; of dilations beyond the output
    /// tiles are mostly empty, and sizes run over.
    /// </summary>
    public static bool Suits(Convolution convolution, Shape output) =>
        convolution.Kernel == 3 && convolution.Stride == 1
        && convolution.InChannels >= FewestChannels && convolution.OutChannels >= FewestChannels
        && Suits(convolution.Padding.Height, convolution.Dilation.Height, output.H)
        && Suits(convolution.Padding.Width, convolution.Dilation.Width, output.W);

    /// <summary>Whether a row of tiles lies directly below the one before, so that they share two input rows.</summary>
    public bool Continues(int row) => row % _tilesDown != 0;

    /// <summary>The image row, perhaps beyond the last, of number <paramref name="i"/> of a row of tiles.</summary>
    public int ImageRow(int row, int i) => row / _tilesDown + Dilation.Height * (Outputs * (row % _tilesDown) + i);

    /// <summary>Of one axis; a gradient has less than no padding where the convolution has more than its window.</summary>
    private static bool Suits(int padding, int dilation, int extent) =>
        padding >= 0 && padding <= 2L * dilation && dilation <= extent;

    private static int Tiles(int extent, int dilation) => ((extent + dilation - 1) / dilation + Outputs - 1) / Outputs;
}
