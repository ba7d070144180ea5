namespace SpGpu.Gpu.Kernels;

/// <summary>Launches <see cref="TiledConvolutionKernel"/> with weights that were packed once.</summary>
internal sealed class ConvolutionKernels : KernelOperation
{
    private readonly Convolution _convolution;
    private readonly ConvolutionKernelWeights _weights;
    private readonly Shape _output;
    private readonly ConvolutionScalars _scalars;
    private readonly ConvolutionVariant _variant;
    private readonly long _workspace;

    public ConvolutionKernels(KernelDevice device, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionKernelWeights weights)
        : base(device)
    {
        _convolution = convolution;
        _weights = weights;
        _output = convolution.Infer(inputs)[0];
        Shape source = convolution.Source(inputs);
        _scalars = ConvolutionScalars.Of(convolution, source, _output, weights.Layout);
        _variant = convolution.ExpandAddRelu
            ? ConvolutionVariant.For<Expanded>(device, _output, weights.Layout, plane: false)
            : ConvolutionVariant.For<Direct>(device, _output, weights.Layout, ConvolutionVariant.IsPlane(convolution, source));
        _workspace = _variant.Workspace(_output);
        device.Workspace.Reserve(_workspace);
    }

    public override string Variant => $"{_convolution.Name} {Source} {_variant.Name}";

    private string Source => _variant.ReadsPlanes ? "plane" : _convolution.ExpandAddRelu ? "expanded" : "gathered";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int next = _convolution.SourceInputs;
        bool hasResidual = (_convolution.Epilogue & Epilogue.Residual) != 0;
        // What an epilogue does not read is given some tensor, as a kernel needs all its arguments.
        ref readonly Tensor x = ref inputs[0];
        ref readonly Tensor strip = ref inputs[next - 1];
        ref readonly Tensor residual = ref inputs[hasResidual ? next++ : 0];
        ref readonly Tensor multiplier = ref inputs[(_convolution.Epilogue & Epilogue.Multiply) != 0 ? next++ : 0];
        ref readonly Tensor y = ref outputs[0];
        ConvolutionScalars scalars = _scalars;
        scalars.X = new Place(x);
        scalars.Strip = new Place(strip);
        scalars.Residual = new Place(residual);
        scalars.Multiplier = new Place(multiplier);
        scalars.Y = new Place(y);
        bool vectors = (_scalars.Pixels & 3) == 0 && IsAligned(y) && AreAligned(inputs[_convolution.SourceInputs..]);
        scalars.Vectors = vectors ? 1 : 0;
        _variant.Submit(IsAligned(x), _output.N, Floats(x), Floats(strip), _weights.Packed, _weights.Taps, Floats(residual),
            Floats(multiplier), Floats(y), _workspace > 0 ? Workspace : Floats(x), scalars);
    }
}
