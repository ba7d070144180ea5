namespace SpGpu.Gpu.Kernels;

/// <summary>How a convolution is cut into groups.</summary>
/// <param name="Side">Output channels, and pixels, of a group.</param>
/// <param name="Threads">Threads of a group.</param>
/// <param name="TensorCores">Whether tensor cores multiply.</param>
/// <param name="PartLength">Rows of the inner dimension that a group sums up.</param>
/// <param name="Parts">Parts of the inner dimension.</param>
internal readonly record struct ConvolutionBlocking(int Side, int Threads, bool TensorCores, int PartLength, int Parts)
{
    /// <summary>As profiles name it.</summary>
    public string Name => FormattableString.Invariant(
        $"{Side}x{Side}{(TensorCores ? FormattableString.Invariant($" tensor {Threads}") : "")}{(Parts > 1 ? FormattableString.Invariant($" /{Parts}") : "")}");

    /// <summary>
    /// The blocking for a shape, by <see cref="ConvolutionTuning"/> where the device was not told. The number of images has no
    /// say: what becomes of one must not depend on the others.
    /// </summary>
    public static ConvolutionBlocking For(KernelDevice device, Shape output, int inner)
    {
        (int side, int threads, bool tensorCores, int parts) = ConvolutionTuning.Choose(output with { N = 1 }, inner, device, mostParts: inner);
        int steps = KernelOperation.Groups(inner, ConvolutionLayout.RowMultiple);
        int length = KernelOperation.Groups(steps, parts) * ConvolutionLayout.RowMultiple;
        parts = KernelOperation.Groups(inner, length);
        // So many images that parts could not be counted do without.
        return parts * output.Count > Workspace.MostElements / 2 ? new(side, threads, tensorCores, inner, 1) : new(side, threads, tensorCores, length, parts);
    }

    /// <summary>The blocking of as many products as the output has images, each with an inner dimension that is not parted.</summary>
    public static ConvolutionBlocking ForProducts(KernelDevice device, Shape output, int inner)
    {
        (int side, int threads, bool tensorCores, _) = ConvolutionTuning.Choose(output, inner, device, mostParts: 1);
        return new(side, threads, tensorCores, inner, 1);
    }
}
