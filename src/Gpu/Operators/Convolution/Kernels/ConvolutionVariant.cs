using ILGPU;
using ILGPU.Runtime;
using AddParts = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.ConvolutionScalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<SpGpu.Gpu.Kernels.Tap>,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.ConvolutionScalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>The variants of <see cref="TiledConvolutionKernel"/> that serve a shape.</summary>
internal sealed class ConvolutionVariant
{
    private readonly KernelDevice _device;
    private readonly ConvolutionBlocking _blocking;
    private readonly Launch _gathered;
    private readonly Launch? _plane;
    private readonly AddParts? _addParts;

    private ConvolutionVariant(KernelDevice device, ConvolutionBlocking blocking, Launch gathered, Launch? plane)
    {
        _device = device;
        _blocking = blocking;
        _gathered = gathered;
        _plane = plane;
        _addParts = blocking.Parts > 1 ? device.Load<AddParts>(ConvolutionPartSums.Run) : null;
    }

    /// <summary>Loads the kernels of a blocking.</summary>
    /// <typeparam name="TElement">What is gathered.</typeparam>
    /// <param name="device">The device.</param>
    /// <param name="blocking">How the convolution is cut into groups.</param>
    /// <param name="layout">The layout of the weights.</param>
    /// <param name="plane">Whether inputs that are aligned can be read as planes (<see cref="IsPlane"/>).</param>
    public static ConvolutionVariant Of<TElement>(
        KernelDevice device, ConvolutionBlocking blocking, ConvolutionLayout layout, bool plane)
        where TElement : struct, IElement =>
        blocking.Tile switch
        {
            { Copied: true } =>
                LoadPipelined<BlockTile64, TensorTile>(device, blocking, plane),
            { Order: SumOrder.TensorCores } when IsCopied<TElement>(layout) =>
                LoadPipelined<BlockTile64By128, NarrowTensorTile>(device, blocking, plane, blocking.Tile.Resident),
            { Order: SumOrder.TensorCores } => Load<BlockTile64By128, NarrowTensorTile, TElement>(device, blocking, plane),
            { Side: 128 } => Load<BlockTile128, ThreadTile8, TElement>(device, blocking, plane, blocking.Tile.Resident),
            { Side: 64 } => Load<BlockTile64, ThreadTile8, TElement>(device, blocking, plane),
            _ => Load<BlockTile32, ThreadTile4, TElement>(device, blocking, plane),
        };

    /// <summary>Whether tensor cores have inputs copied to shared memory as they are.</summary>
    public static bool IsCopied<TElement>(ConvolutionLayout layout)
        where TElement : struct, IElement => layout.ChannelsLast && typeof(TElement) == typeof(Direct);

    /// <summary>Whether every tap takes the whole plane as it lies, in whole vectors.</summary>
    public static bool IsPlane(Convolution convolution, Shape source) =>
        convolution is { ExpandAddRelu: false } && convolution.Kernel == 1 && convolution.Stride == 1
        && convolution.Padding == 0 && (source.Plane & 3) == 0;

    /// <summary>Whether there is a variant for inputs that can be read as planes.</summary>
    public bool ReadsPlanes => _plane is not null;

    /// <summary>Block tile and parts, for tables.</summary>
    public string Name => _blocking.Name;

    /// <summary>Floats of workspace that a run needs for its parts.</summary>
    public long Workspace(Shape output) => _blocking.Parts > 1 ? _blocking.Parts * output.Count : 0;

    /// <summary>Launches the kernels. Scalars lack only what depends on the variant.</summary>
    public void Submit(
        bool aligned, int images, ArrayView<float> x, ArrayView<float> strip, ArrayView<float> packed, ArrayView<Tap> taps,
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, ArrayView<float> workspace, ConvolutionScalars scalars)
    {
        scalars.Images = new Divisor(images);
        scalars.PartLength = _blocking.PartLength;
        scalars.Parts = _blocking.Parts;
        KernelConfig groups = KernelOperation.Config(_blocking.Tile.Threads, KernelOperation.Groups(scalars.Pixels, _blocking.Tile.Side),
            KernelOperation.Groups(scalars.Outputs, _blocking.Tile.Side), images * _blocking.Parts);
        Launch launch = aligned && _plane is not null ? _plane : _gathered;
        if (_addParts is null)
        {
            launch(_device.Stream, groups, x, strip, packed, taps, residual, multiplier, y, scalars);
            return;
        }
        ConvolutionScalars parts = scalars;
        parts.Y = new Place(0, scalars.Outputs * scalars.Pixels);
        parts.BiasOffset = -1;
        parts.Epilogue = Epilogue.None;
        parts.Vectors = (scalars.Pixels & 3) == 0 ? 1 : 0;
        launch(_device.Stream, groups, x, strip, packed, taps, x, x, workspace, parts);
        int threads = KernelDevice.FewestThreads;
        _addParts(_device.Stream,
            KernelOperation.Config(
                threads, KernelOperation.Groups(scalars.Pixels, ConvolutionPartSums.Pixels * threads), scalars.Outputs, images),
            workspace, packed, residual, multiplier, y, scalars);
    }

    private static ConvolutionVariant Load<TBlockTile, TThreadTile, TElement>(
        KernelDevice device, ConvolutionBlocking blocking, bool plane, int? groups = null)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
        where TElement : struct, IElement =>
        new(device, blocking,
            LoadSource<TBlockTile, TThreadTile, Gathered<TElement>>(device, groups),
            plane ? LoadSource<TBlockTile, TThreadTile, Plane>(device, groups) : null);

    private static ConvolutionVariant LoadPipelined<TBlockTile, TThreadTile>(
        KernelDevice device, ConvolutionBlocking blocking, bool plane, int? groups = null)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
    {
        var specialization = new KernelSpecialization(TBlockTile.Threads, groups);
        return new(device, blocking,
            device.Load<Launch>(PipelinedConvolutionKernel.Run<TBlockTile, TThreadTile, CopiedPixels>, specialization),
            plane ? device.Load<Launch>(PipelinedConvolutionKernel.Run<TBlockTile, TThreadTile, CopiedPlane>, specialization) : null);
    }

    private static Launch LoadSource<TBlockTile, TThreadTile, TSource>(KernelDevice device, int? groups)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
        where TSource : struct, ISource =>
        device.Load<Launch>(TiledConvolutionKernel.Run<TBlockTile, TThreadTile, TSource>,
            new KernelSpecialization(TBlockTile.Threads * TBlockTile.Splits, groups));
}
