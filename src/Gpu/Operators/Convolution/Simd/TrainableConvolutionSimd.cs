namespace SpGpu.Gpu.Simd;

/// <summary>A convolution that packs its filter in each run, as it has changed since the last.</summary>
internal sealed unsafe class TrainableConvolutionSimd : SimdOperation
{
    private readonly Convolution _convolution;
    private readonly bool _hasBias;
    private readonly Workspace _workspace;
    private readonly ConvolutionProduct _product;

    public TrainableConvolutionSimd(
        Team team, PanelScratch[] scratch, Workspace workspace, TrainableConvolution trainable, ReadOnlySpan<Shape> inputs)
        : base(team)
    {
        _convolution = trainable.Forward;
        _hasBias = trainable.HasBias;
        _workspace = workspace;
        _product = new ConvolutionProduct(scratch, _convolution, inputs[0], trainable.Infer(inputs)[0]);
        workspace.Reserve(ConvolutionFilter.Length(_convolution));
    }

    public override string Variant => FormattableString.Invariant($"{_convolution.Name} simd{Microkernel.Columns * 16}");

    protected override int Phases => 2;

    public override void Execute(int worker, int workers)
    {
        float* packed = ((SimdMemory)_workspace.Memory).Base;
        if (Phase == 0)
        {
            (int first, int last) = Share(ConvolutionFilter.Blocks(_convolution), worker, workers);
            ConvolutionFilter.Pack(_convolution, Input(1).Floats, Input(1).BatchStride, packed, first, last);
            return;
        }
        var operands = new ConvolutionOperands
        {
            Filter = packed,
            Bias = _hasBias ? Input(2).Floats : null,
            Source = Input(0),
            Output = Output(0),
        };
        _product.Run(operands, worker, workers);
    }
}
