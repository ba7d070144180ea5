using SpGpu.Gpu.Simd.Winograd;

namespace SpGpu.Gpu.Simd;

/// <summary>A way to convolve with a filter in the layout of <see cref="ConvolutionFilter"/>, for given shapes.</summary>
internal abstract class ConvolutionAlgorithm
{
    /// <summary>Its name in those of variants.</summary>
    public abstract string Name { get; }

    /// <summary>How often the team executes shares.</summary>
    public virtual int Phases => 1;

    /// <summary>Elements that it needs for intermediate results.</summary>
    public virtual long WorkspaceLength => 0;

    /// <summary>The one that is faster.</summary>
    /// <param name="device">The processor.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="input">The shape of its (virtual) input.</param>
    /// <param name="output">The shape of its output.</param>
    public static ConvolutionAlgorithm Choose(SimdDevice device, Convolution convolution, Shape input, Shape output) =>
        device.Winograd && WinogradConvolution.Pays(convolution, output)
            ? WinogradConvolution.Choose(device.Team, convolution, input, output)
            : new ConvolutionProduct(device.Scratch, convolution, input, output);

    /// <summary>The name of the variant of an operator that computes by one, or by the plain product.</summary>
    public static string VariantOf(string operation, ConvolutionAlgorithm? algorithm) =>
        FormattableString.Invariant($"{operation} {algorithm?.Name ?? ConvolutionProduct.Word}{Microkernel.Columns * 16}");

    /// <summary>Computes a worker's share of a phase.</summary>
    public abstract void Run(in ConvolutionOperands operands, int phase, int worker, int workers);
}
