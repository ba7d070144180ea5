namespace SpGpu.Gpu.Kernels;

/// <summary>
/// How a filter is packed: row k = (c * kh + u) * kw + v, or k = (u * kw + v) * C + c, holds the weights of all output
/// channels. Rows are padded with zeros to <see cref="ColumnMultiple"/>, their number to <see cref="RowMultiple"/>; taps of
/// padded rows lie outside of any input. The bias follows the last row.
/// </summary>
/// <param name="Outputs">Output channels.</param>
/// <param name="Channels">C.</param>
/// <param name="Taps">kh * kw.</param>
/// <param name="ChannelsLast">Whether a row is followed by the next channel of the same tap, and not by the next tap.</param>
internal readonly record struct ConvolutionLayout(int Outputs, int Channels, int Taps, bool ChannelsLast)
{
    /// <summary>The layout that suits a device.</summary>
    public static ConvolutionLayout For(KernelDevice device, int outputs, int channels, int taps) =>
        new(outputs, channels, taps, device.TensorCores && channels % PipelinedConvolutionKernel.ChannelMultiple == 0);

    /// <summary>The most rows that a group takes in one step.</summary>
    public const int RowMultiple = 32;

    private const int ColumnMultiple = 32;

    /// <summary>Rows before padding, C * kh * kw.</summary>
    public int Inner => checked(Channels * Taps);

    /// <summary>Rows, and taps.</summary>
    public int Rows => RoundUp(Inner, RowMultiple);

    /// <summary>Floats of a row.</summary>
    public int Row => RoundUp(Outputs, ColumnMultiple);

    /// <summary>Where the bias starts.</summary>
    public int BiasOffset => checked(Rows * Row);

    /// <summary>Floats in all.</summary>
    public int Length => checked(BiasOffset + Row);

    /// <summary>The row of weight <paramref name="k"/> = (c * kh + u) * kw + v of an output channel.</summary>
    public int RowOf(int k) => ChannelsLast ? k % Taps * Channels + k / Taps : k;

    private static int RoundUp(int value, int multiple) => checked((value + multiple - 1) / multiple * multiple);
}
