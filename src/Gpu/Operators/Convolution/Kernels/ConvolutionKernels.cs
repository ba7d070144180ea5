namespace SpGpu.Gpu.Kernels;

/// <summary>Launches <see cref="TiledConvolutionKernel"/> with weights that were packed once.</summary>
internal sealed class ConvolutionKernels : KernelOperation
{
    private readonly Convolution _convolution;
    private readonly ConvolutionKernelWeights _weights;
    private readonly Shape _output;
    private readonly ConvolutionScalars _scalars;
    private readonly ConvolutionVariant _variant;
    private readonly Operation? _expand;
    private readonly Shape _expanded;
    private readonly long _parts;
    private readonly KernelDevice _device;

    public ConvolutionKernels(KernelDevice device, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionKernelWeights weights)
        : base(device)
    {
        _device = device;
        _convolution = convolution;
        _weights = weights;
        _output = convolution.Infer(inputs)[0];
        Shape source = convolution.Source(inputs);
        _scalars = ConvolutionScalars.Of(convolution, source, _output, weights.Layout);
        ConvolutionLayout layout = weights.Layout;
        // Expanded strips too are then made beforehand, and copied.
        var blocking = ConvolutionBlocking.For(device, _output, layout.Inner, ConvolutionVariant.IsCopied<Direct>(layout));
        // Tensor cores wait for a gather that adds; a pass over memory of its own costs less.
        if (convolution.ExpandAddRelu && blocking.IsTensor && layout.ChannelsLast)
        {
            _expand = device.Operators.Prepare(new ExpandAdd(Relu: true), inputs[..2]);
            _expanded = source;
        }
        _variant = convolution.ExpandAddRelu && _expand is null
            ? ConvolutionVariant.Of<Expanded>(device, blocking, layout, plane: false)
            : ConvolutionVariant.Of<Direct>(device, blocking, layout, ConvolutionVariant.IsPlane(convolution, source));
        _parts = _variant.Workspace(_output);
        if (_expanded.Count + _parts > 0)
            device.Workspace.Reserve(_expanded.Count + _parts);
    }

    public override string Variant => $"{_convolution.Name} {Source} {_variant.Name}";

    private string Source => _variant.ReadsPlanes ? "plane" : _convolution.ExpandAddRelu && _expand is null ? "expanded" : "gathered";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int next = _convolution.SourceInputs;
        bool hasResidual = (_convolution.Epilogue & Epilogue.Residual) != 0;
        Tensor x = inputs[0];
        if (_expand is not null)
        {
            x = new Tensor(_device.Workspace.Memory, WorkspaceOffset, (int)_expanded.ImageLength, _expanded);
            _expand.Run(inputs[..2], [x]);
        }
        // What an epilogue does not read is given some tensor, as a kernel needs all its arguments.
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
            Floats(multiplier), Floats(y), _parts > 0 ? Workspace.SubView(_expanded.Count) : Floats(x), scalars);
    }
}
