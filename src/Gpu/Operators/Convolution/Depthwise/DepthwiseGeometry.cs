namespace SpGpu.Gpu;

/// <summary>
/// Where a plane of a depthwise convolution reads: of the gradient by the input, too, which is one of dy, whose elements the
/// stride spreads, with each filter turned by half a turn.
/// </summary>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">From one output to the next.</param>
/// <param name="Padding">Negative where the forward padding is wider than the kernel.</param>
/// <param name="Dilation">From one tap to the next.</param>
/// <param name="Spread">From one element of the source to the next; zeros lie between.</param>
/// <param name="Outputs">Channels of the output that read one of the source.</param>
/// <param name="Terms">Channels of the source that one of the output reads, each with a filter of its own.</param>
/// <param name="IsTurned">Whether the last tap comes first.</param>
internal sealed record DepthwiseGeometry(
    Size2D Kernel, Size2D Stride, Size2D Padding, Size2D Dilation, Size2D Spread, int Outputs, int Terms, bool IsTurned)
{
    /// <summary>That of a convolution.</summary>
    public static DepthwiseGeometry Of(Convolution forward) => new(
        forward.Kernel, forward.Stride, forward.Padding, forward.Dilation, 1, forward.OutChannels / forward.InChannels, 1, false);

    /// <summary>That of its gradient by the input.</summary>
    public static DepthwiseGeometry OfInputGradient(Convolution forward) => new(
        forward.Kernel, 1,
        (forward.Dilation.Height * (forward.Kernel.Height - 1) - forward.Padding.Height,
            forward.Dilation.Width * (forward.Kernel.Width - 1) - forward.Padding.Width),
        forward.Dilation, forward.Stride, 1, forward.OutChannels / forward.InChannels, true);
}
