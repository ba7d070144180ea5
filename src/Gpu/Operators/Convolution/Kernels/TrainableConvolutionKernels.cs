using ILGPU;
using Pack = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<SpGpu.Gpu.Kernels.Tap>,
    SpGpu.Gpu.Kernels.FilterPacking.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// A convolution whose filter is a tensor: each run packs it into workspace (<see cref="FilterPacking"/>), then launches
/// <see cref="TiledConvolutionKernel"/>. Serves <see cref="TrainableConvolution"/>, and <see cref="ConvolutionInputGradient"/>
/// with the filter's taps in reverse order and its channels exchanged.
/// </summary>
internal sealed class TrainableConvolutionKernels : KernelOperation
{
    /// <summary>Floats of a tap; those of all taps lie before the packed filter, whose place they keep aligned.</summary>
    private const int TapLength = 4;

    private readonly string _name;
    private readonly Shape _output;
    private readonly ConvolutionLayout _layout;
    private readonly bool _transposed, _hasParts;
    private readonly ConvolutionVariant _variant;
    private readonly ConvolutionScalars _scalars;
    private readonly Pack _pack;
    private readonly FilterPacking.Scalars _packing;

    public TrainableConvolutionKernels(KernelDevice device, TrainableConvolution convolution, ReadOnlySpan<Shape> inputs) : base(device)
    {
        Convolution forward = convolution.Forward;
        (_name, _transposed) = (convolution.Name, false);
        _output = convolution.Infer(inputs)[0];
        _layout = ConvolutionLayout.For(device, _output.C, inputs[1].C, inputs[1].Plane);
        _scalars = ConvolutionScalars.Of(forward, inputs[0], _output, _layout);
        var blocking = ConvolutionBlocking.For(device, _output, _layout.Inner, ConvolutionVariant.IsCopied<Direct>(_layout));
        _variant = ConvolutionVariant.Of<Direct>(device, blocking, _layout, ConvolutionVariant.IsPlane(forward, inputs[0]));
        (_pack, _packing) = Prepare(device, forward, _layout, _variant.Workspace(_output));
        _hasParts = _variant.Workspace(_output) > 0;
    }

    public TrainableConvolutionKernels(KernelDevice device, ConvolutionInputGradient gradient, ReadOnlySpan<Shape> inputs) : base(device)
    {
        Convolution forward = gradient.Forward;
        (_name, _transposed) = (gradient.Name, true);
        _output = gradient.Infer(inputs)[0];
        _layout = ConvolutionLayout.For(device, _output.C, inputs[0].C, inputs[1].Plane);
        _scalars = ConvolutionScalars.OfInputGradient(forward, inputs[0], _output, _layout);
        bool direct = forward.Stride == 1;
        var blocking = ConvolutionBlocking.For(
            device, _output, _layout.Inner, direct && ConvolutionVariant.IsCopied<Direct>(_layout));
        _variant = direct
            ? ConvolutionVariant.Of<Direct>(device, blocking, _layout, ConvolutionVariant.IsPlane(forward, inputs[0]))
            : ConvolutionVariant.Of<Spread>(device, blocking, _layout, plane: false);
        (_pack, _packing) = Prepare(device, forward, _layout, _variant.Workspace(_output));
        _hasParts = _variant.Workspace(_output) > 0;
    }

    public override string Variant => FormattableString.Invariant(
        $"{_name} {(_variant.ReadsPlanes ? "plane" : "gathered")} {_variant.Name}");

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ArrayView<float> workspace = Workspace;
        ArrayView<Tap> taps = workspace.SubView(0, TapLength * _layout.Rows).Cast<Tap>();
        ArrayView<float> packed = workspace.SubView(TapLength * _layout.Rows, _layout.Length);
        int rest = TapLength * _layout.Rows + _layout.Length;
        ArrayView<float> parts = _hasParts ? workspace.SubView(rest) : packed;
        SubmitPacking(inputs[1], inputs[^1], inputs.Length > 2, packed, taps);

        ref readonly Tensor x = ref inputs[0];
        ref readonly Tensor y = ref outputs[0];
        ConvolutionScalars scalars = _scalars;
        scalars.X = new Place(x);
        scalars.Y = new Place(y);
        scalars.Vectors = (_scalars.Pixels & 3) == 0 && IsAligned(y) ? 1 : 0;
        _variant.Submit(
            IsAligned(x), _output.N, Floats(x), Floats(x), packed, taps, Floats(x), Floats(x), Floats(y), parts, scalars);
    }

    private void SubmitPacking(in Tensor filter, in Tensor bias, bool hasBias, ArrayView<float> packed, ArrayView<Tap> taps)
    {
        int plane = filter.Shape.Plane;
        // One filter may lie anywhere.
        int step = filter.Shape.N > 1 ? filter.BatchStride : 0;
        FilterPacking.Scalars packing = _packing;
        packing.First = filter.Offset + (_transposed ? plane - 1 : 0);
        packing.OutputStep = _transposed ? plane : step;
        packing.TapStep = _transposed ? -1 : 1;
        packing.ChannelStep = _transposed ? step : plane;
        packing.Bias = hasBias ? bias.Offset : -1;
        _pack(Stream, Flat(_layout.Length, 1), Floats(filter), Floats(bias), packed, taps, packing);
    }

    private static (Pack Pack, FilterPacking.Scalars Scalars) Prepare(
        KernelDevice device, Convolution forward, ConvolutionLayout layout, long parts)
    {
        device.Workspace.Reserve((long)TapLength * layout.Rows + layout.Length + parts);
        return (device.Load<Pack>(FilterPacking.Run), new FilterPacking.Scalars
        {
            Outputs = layout.Outputs,
            Inner = layout.Inner,
            Rows = layout.Rows,
            Length = layout.Length,
            DilationHeight = forward.Dilation.Height,
            DilationWidth = forward.Dilation.Width,
            Row = new Divisor(layout.Row),
            ChannelsLast = layout.ChannelsLast ? 1 : 0,
            Pitch = new Divisor(layout.ChannelsLast ? layout.Channels : layout.Taps),
            KernelWidth = new Divisor(forward.Kernel.Width),
        });
    }
}
