namespace SpGpu.Gpu.Kernels;

/// <summary>How a convolution is cut into groups.</summary>
/// <param name="Tile">Output channels, and pixels, of a group.</param>
/// <param name="PartLength">Rows of the inner dimension that a group sums up.</param>
/// <param name="Parts">Parts of the inner dimension.</param>
internal readonly record struct ConvolutionBlocking(ConvolutionTile Tile, int PartLength, int Parts)
{
    /// <summary>As profiles name it: <c>64x64 tensor /4</c> for four parts.</summary>
    public string Name => FormattableString.Invariant($"{Tile.Side}x{Tile.Side}{Kind}{(Parts > 1 ? $" /{Parts}" : "")}");

    /// <summary>Whether tensor cores multiply.</summary>
    public bool IsTensor => Tile.Order == SumOrder.TensorCores;

    private string Kind => IsTensor ? Tile.Copied ? " tensor large" : " tensor" : "";

    /// <summary>The blocking for a shape, by <see cref="ConvolutionTuning"/> where the device was not told.</summary>
    /// <param name="device">The device.</param>
    /// <param name="output">The output.</param>
    /// <param name="inner">Rows of the inner dimension.</param>
    /// <param name="copied">Whether tensor cores have the inputs copied to shared memory as they are.</param>
    public static ConvolutionBlocking For(KernelDevice device, Shape output, int inner, bool copied)
    {
        (SumOrder order, int parts) = ConvolutionTuning.Sums(device, output, inner, copied);
        int steps = KernelOperation.Groups(inner, ConvolutionLayout.RowMultiple);
        int length = KernelOperation.Groups(steps, parts) * ConvolutionLayout.RowMultiple;
        parts = KernelOperation.Groups(inner, length);
        // So many images that their parts, or the elements of these, could not be counted do without.
        if (parts * output.N > KernelOperation.MostAlongAxis || parts * output.Count > Workspace.MostElements / 2)
            (length, parts) = (inner, 1);
        return new(ConvolutionTuning.Tile(device, output, length, parts, copied, order), length, parts);
    }

    /// <summary>The blocking of as many products as the output has images, each with an inner dimension that is not parted.</summary>
    public static ConvolutionBlocking ForProducts(KernelDevice device, Shape output, int inner) =>
        new(ConvolutionTuning.Tile(device, output, inner, parts: 1, copied: false), inner, 1);
}
