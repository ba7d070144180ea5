namespace SpGpu.Gpu.Simd;

/// <summary>A convolution that packs its filter in each run, as it has changed since the last.</summary>
internal sealed unsafe class TrainableConvolutionSimd : SimdOperation
{
    private readonly Convolution _convolution;
    private readonly bool _hasBias;
    private readonly Workspace _workspace;
    private readonly ConvolutionAlgorithm _algorithm;

    public TrainableConvolutionSimd(SimdDevice device, TrainableConvolution trainable, ReadOnlySpan<Shape> inputs)
        : base(device.Team)
    {
        _convolution = trainable.Forward;
        _hasBias = trainable.HasBias;
        _workspace = device.Workspace;
        _algorithm = ConvolutionAlgorithm.Choose(device, _convolution, inputs[0], trainable.Infer(inputs)[0]);
        _workspace.Reserve(ConvolutionFilter.RoomFor(_convolution) + _algorithm.WorkspaceLength);
    }

    public override string Variant => ConvolutionAlgorithm.VariantOf(_convolution.Name, _algorithm);

    /// <summary>Pack, convolve.</summary>
    protected override int Phases => 1 + _algorithm.Phases;

    public override void Execute(int worker, int workers)
    {
        float* packed = SimdMemory.Floats(_workspace);
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
        operands.UseWorkspace(_workspace, ConvolutionFilter.RoomFor(_convolution));
        _algorithm.Run(operands, Phase - 1, worker, workers);
    }
}
