namespace SpGpu.Gpu.Simd;

/// <summary>A convolution with a packed filter.</summary>
internal sealed unsafe class ConvolutionSimd : SimdOperation
{
    private readonly Convolution _convolution;
    private readonly ConvolutionSimdWeights _weights;
    private readonly Workspace _workspace;

    public ConvolutionSimd(SimdDevice device, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionSimdWeights weights)
        : base(device.Team)
    {
        (_convolution, _weights, _workspace) = (convolution, weights, device.Workspace);
        Algorithm = ConvolutionAlgorithm.Choose(device, convolution, convolution.Source(inputs), convolution.Infer(inputs)[0]);
        _workspace.Reserve(Algorithm.WorkspaceLength);
    }

    /// <summary>How it convolves.</summary>
    public ConvolutionAlgorithm Algorithm { get; }

    public override string Variant => ConvolutionAlgorithm.VariantOf(_convolution.Name, Algorithm);

    protected override int Phases => Algorithm.Phases;

    public override void Execute(int worker, int workers)
    {
        ConvolutionOperands operands = ConvolutionOperands.Of(_convolution, _weights, Inputs, Output(0));
        if (Algorithm.WorkspaceLength > 0)
            operands.UseWorkspace(_workspace, 0);
        Algorithm.Run(operands, Phase, worker, workers);
    }
}
