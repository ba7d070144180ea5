namespace SpGpu.Gpu.Simd;

/// <summary>A convolution with a packed filter.</summary>
internal sealed class ConvolutionSimd(
    Team team, PanelScratch[] scratch, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionSimdWeights weights)
    : SimdOperation(team)
{
    private readonly ConvolutionProduct _product =
        new(scratch, convolution, convolution.Source(inputs), convolution.Infer(inputs)[0]);

    public override string Variant => FormattableString.Invariant($"{convolution.Name} simd{Microkernel.Columns * 16}");

    public override void Execute(int worker, int workers) =>
        _product.Run(ConvolutionOperands.Of(convolution, weights, Inputs, Output(0)), worker, workers);
}
