namespace SpGpu.Gpu.Kernels;

/// <summary>
/// How a filter is packed: row k = (c * kh + u) * kw + v holds the weights of all output channels. Rows are padded with
/// zeros to <see cref="ColumnMultiple"/>, their number to <see cref="RowMultiple"/>; taps of padded rows lie outside of
/// any input. The bias follows the last row.
/// </summary>
/// <param name="Outputs">Output channels.</param>
/// <param name="Inner">Rows before padding, C * kh * kw.</param>
internal readonly record struct ConvolutionLayout(int Outputs, int Inner)
{
    /// <summary>The most rows that a group takes in one step.</summary>
    public const int RowMultiple = 32;

    private const int ColumnMultiple = 32;

    /// <summary>Rows, and taps.</summary>
    public int Rows => RoundUp(Inner, RowMultiple);

    /// <summary>Floats of a row.</summary>
    public int Row => RoundUp(Outputs, ColumnMultiple);

    /// <summary>Where the bias starts.</summary>
    public int BiasOffset => checked(Rows * Row);

    /// <summary>Floats in all.</summary>
    public int Length => checked(BiasOffset + Row);

    private static int RoundUp(int value, int multiple) => checked((value + multiple - 1) / multiple * multiple);
}
