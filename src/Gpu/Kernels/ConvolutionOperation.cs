using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<SpGpu.Gpu.Kernels.Tap>,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.ConvolutionScalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>Picks the square and the source of <see cref="ConvolutionKernel"/> and launches it.</summary>
internal sealed class ConvolutionOperation : KernelOperation
{
    private readonly Convolution _convolution;
    private readonly ConvolutionWeights _weights;
    private readonly Shape _output;
    private readonly ConvolutionScalars _scalars;
    private readonly int _side;
    private readonly int _threads;
    private readonly Launch _gathered;

    // Null where the shape has no such variant.
    private readonly Launch? _plane;

    public ConvolutionOperation(KernelDevice device, Convolution convolution, ReadOnlySpan<Shape> inputs, ConvolutionWeights weights)
        : base(device)
    {
        _convolution = convolution;
        _weights = weights;
        _output = convolution.Infer(inputs)[0];
        Shape source = convolution.Source(inputs);
        _scalars = new ConvolutionScalars
        {
            Height = source.H,
            Width = source.W,
            Plane = source.Plane,
            StrideHeight = convolution.Stride.Height,
            StrideWidth = convolution.Stride.Width,
            PaddingHeight = convolution.Padding.Height,
            PaddingWidth = convolution.Padding.Width,
            Outputs = convolution.OutChannels,
            Pixels = _output.Plane,
            Inner = convolution.InChannels * convolution.Kernel.Height * convolution.Kernel.Width,
            PackedRow = weights.Row,
            BiasOffset = weights.BiasOffset,
            Epilogue = convolution.Epilogue,
            OutWidth = new Divisor(_output.W),
        };
        bool plane = convolution is { ExpandAddRelu: false } && convolution.Kernel == 1 && convolution.Stride == 1
            && convolution.Padding == 0 && (source.Plane & 3) == 0;
        _side = device.ConvolutionSide > 0 ? device.ConvolutionSide : ConvolutionTuning.Side(_output, device);
        (_threads, _gathered, _plane) = _side switch
        {
            128 => Load<Square128, Tile8>(device, plane),
            64 => Load<Square64, Tile8>(device, plane),
            _ => Load<Square32, Tile4>(device, plane),
        };
    }

    public override string Variant => FormattableString.Invariant(
        $"{_convolution.Name} {(_plane is not null ? "plane" : _convolution.ExpandAddRelu ? "expanded" : "gathered")} {_side}x{_side}");

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int next = _convolution.SourceInputs;
        bool hasResidual = _convolution.Epilogue.HasFlag(Epilogue.Residual);
        // What an epilogue does not read is given some tensor, as a kernel needs all its arguments.
        ref readonly Tensor x = ref inputs[0];
        ref readonly Tensor strip = ref inputs[next - 1];
        ref readonly Tensor residual = ref inputs[hasResidual ? next++ : 0];
        ref readonly Tensor multiplier = ref inputs[_convolution.Epilogue.HasFlag(Epilogue.Multiply) ? next++ : 0];
        ref readonly Tensor y = ref outputs[0];
        ConvolutionScalars scalars = _scalars;
        scalars.X = new Place(x);
        scalars.Strip = new Place(strip);
        scalars.Residual = new Place(residual);
        scalars.Multiplier = new Place(multiplier);
        scalars.Y = new Place(y);
        bool vectors = (_scalars.Pixels & 3) == 0 && IsAligned(y) && AreAligned(inputs[_convolution.SourceInputs..]);
        scalars.Vectors = vectors ? 1 : 0;
        Launch launch = _plane is not null && IsAligned(x) ? _plane : _gathered;
        launch(Stream, Config(_threads, Groups(_scalars.Pixels, _side), Groups(_scalars.Outputs, _side), _output.N),
            Floats(x), Floats(strip), _weights.Packed, _weights.Taps, Floats(residual), Floats(multiplier), Floats(y), scalars);
    }

    private (int Threads, Launch Gathered, Launch? Plane) Load<TSquare, TTile>(KernelDevice device, bool plane)
        where TSquare : struct, ISquare
        where TTile : struct, ITile =>
        (TSquare.Threads * TSquare.Slices,
            _convolution.ExpandAddRelu ? Load<TSquare, TTile, Gathered<Expanded>>(device) : Load<TSquare, TTile, Gathered<Direct>>(device),
            plane ? Load<TSquare, TTile, Plane>(device) : null);

    private static Launch Load<TSquare, TTile, TSource>(KernelDevice device)
        where TSquare : struct, ISquare
        where TTile : struct, ITile
        where TSource : struct, ISource =>
        device.Load<Launch>(ConvolutionKernel.Run<TSquare, TTile, TSource>, new KernelSpecialization(TSquare.Threads * TSquare.Slices, null));
}
