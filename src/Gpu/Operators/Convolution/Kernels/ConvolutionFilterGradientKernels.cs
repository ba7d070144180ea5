using ILGPU;
using ILGPU.Runtime;
using AddSplits = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.SplitKSums.Scalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.FilterGradientScalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Picks splits and block tile of <see cref="TiledFilterGradientKernel"/>, launches it, then adds the splits to the output.
/// </summary>
internal sealed class ConvolutionFilterGradientKernels : KernelOperation
{
    /// <summary>Groups of 64 x 64 that keep a large device busy; more splits would only write more partial sums.</summary>
    private const int WantedGroups = 2048;

    /// <summary>The fewest pixels whose products outweigh the partial sums that a split of its own would write.</summary>
    private const int LeastPixels = 1024;

    private readonly KernelDevice _device;
    private readonly string _name;
    private readonly FilterGradientScalars _scalars;
    private readonly int _splits;
    private readonly ConvolutionBlocking _blocking;
    private readonly int _threads;
    private readonly Launch _launch;
    private readonly AddSplits _addSplits;

    public ConvolutionFilterGradientKernels(
        KernelDevice device, ConvolutionFilterGradient gradient, ReadOnlySpan<Shape> inputs) : base(device)
    {
        _device = device;
        _name = gradient.Name;
        Convolution forward = gradient.Forward;
        Shape output = inputs[0];
        Shape x = inputs[1];
        Shape filter = gradient.Infer(inputs)[0];
        int columns = (int)filter.ImageLength;
        int count = output.N * output.Plane;
        // The shape alone decides.
        int wanted = Math.Clamp(WantedGroups / (Groups(filter.N, 64) * Groups(columns, 64)), 1, Groups(count, LeastPixels));
        int length = Groups(Groups(count, wanted), ConvolutionLayout.RowMultiple) * ConvolutionLayout.RowMultiple;
        _splits = Groups(count, length);
        _scalars = new FilterGradientScalars
        {
            Height = x.H,
            Width = x.W,
            Plane = x.Plane,
            StrideHeight = forward.Stride.Height,
            StrideWidth = forward.Stride.Width,
            PaddingHeight = forward.Padding.Height,
            PaddingWidth = forward.Padding.Width,
            DilationHeight = forward.Dilation.Height,
            DilationWidth = forward.Dilation.Width,
            Outputs = filter.N,
            Columns = columns,
            Count = count,
            SplitLength = length,
            Vectors = (columns & 3) == 0 ? 1 : 0,
            Pixels = new Divisor(output.Plane),
            OutWidth = new Divisor(output.W),
            KernelPlane = new Divisor(filter.Plane),
            KernelWidth = new Divisor(filter.W),
        };
        _blocking = ConvolutionBlocking.ForProducts(device, new Shape(_splits, filter.N, 1, columns), length);
        (_threads, _launch) = _blocking.Tile switch
        {
            // Groups that fit on a multiprocessor.
            { Order: SumOrder.TensorCores } => Load<BlockTile64By128, NarrowTensorTile>(device, groups: 5),
            { Side: 128 } => Load<BlockTile128, ThreadTile8>(device, groups: 2),
            { Side: 64 } => Load<BlockTile64, ThreadTile8>(device),
            _ => Load<BlockTile32, ThreadTile4>(device),
        };
        _addSplits = device.Load<AddSplits>(SplitKSums.Run);
        device.Workspace.Reserve(_splits * filter.Count);
    }

    public override string Variant =>
        FormattableString.Invariant($"{_name} {_blocking.Name}, {_splits} {(_splits == 1 ? "split" : "splits")}");

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ArrayView<float> partial = Workspace;
        FilterGradientScalars scalars = _scalars;
        scalars.Gradient = new Place(inputs[0]);
        scalars.X = new Place(inputs[1]);
        int outs = _scalars.Outputs;
        int columns = _scalars.Columns;
        _launch(Stream, Config(_threads, Groups(columns, _blocking.Tile.Side), Groups(outs, _blocking.Tile.Side), _splits),
            Floats(inputs[0]), Floats(inputs[1]), partial, scalars);
        _addSplits(Stream, Config(_device.GroupSize, Groups(columns, SplitKSums.Lanes), outs),
            partial, Floats(outputs[0]), new(new(outputs[0]), columns, outs * columns, _splits));
    }

    private static (int Threads, Launch Launch) Load<TBlockTile, TThreadTile>(KernelDevice device, int? groups = null)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
    {
        int threads = TBlockTile.Threads * TBlockTile.Splits;
        return (threads,
            device.Load<Launch>(TiledFilterGradientKernel.Run<TBlockTile, TThreadTile>, new KernelSpecialization(threads, groups)));
    }
}
