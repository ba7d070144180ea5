namespace SpGpu.Gpu.Simd;

/// <summary>A convolution with a packed filter.</summary>
internal sealed unsafe class ConvolutionOperation(
    Team team, ConvolutionScratch[] scratch, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionWeights weights)
    : SimdOperation(team)
{
    private readonly ConvolutionProduct _product =
        new(scratch, convolution, convolution.Source(inputs), convolution.Infer(inputs)[0]);

    public override string Variant => FormattableString.Invariant($"{convolution.Name} simd{Microkernel.Columns * 16}");

    public override void Execute(int worker, int workers)
    {
        int next = convolution.SourceInputs;
        var operands = new ConvolutionOperands
        {
            Filter = weights.Filter,
            Bias = weights.Bias,
            Source = Input(0),
            RowSource = convolution.ExpandAddRelu ? Input(1) : default,
            Residual = (convolution.Epilogue & Epilogue.Residual) != 0 ? Input(next++) : default,
            Factor = (convolution.Epilogue & Epilogue.Multiply) != 0 ? Input(next) : default,
            Output = Output(0),
        };
        _product.Run(operands, worker, workers);
    }
}
