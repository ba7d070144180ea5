using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.StripMeansScalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Launches <see cref="StripMeansKernels"/>: both means in one read where a plane's partial sums fit shared memory,
/// else each on its own.
/// </summary>
internal sealed class StripMeansOperation : KernelOperation
{
    private readonly KernelDevice _device;
    private readonly Launch? _both, _overWidth, _overHeight;

    public StripMeansOperation(KernelDevice device, StripMeans means, Shape input) : base(device)
    {
        _device = device;
        long sums = StripMeansKernels.PartialSums(input, device.GroupSize);
        if (means is { OverWidth: true, OverHeight: true } && sums <= LargePlane.PartialSums)
        {
            _both = device.Load<Launch>(sums <= SmallPlane.PartialSums ? StripMeansKernels.Both<SmallPlane> : StripMeansKernels.Both<LargePlane>);
            return;
        }
        if (means.OverWidth)
            _overWidth = device.Load<Launch>(StripMeansKernels.OverWidth);
        if (means.OverHeight)
            _overHeight = device.Load<Launch>(StripMeansKernels.OverHeight);
    }

    public override string Variant => _both is not null ? "strip means, one read" : "strip means";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor x = ref inputs[0];
        ref readonly Tensor a = ref outputs[0];
        ref readonly Tensor b = ref outputs[^1];
        Shape shape = x.Shape;
        var scalars = new StripMeansScalars(new(x), new(a), new(b), shape.C * shape.H, shape.H, shape.W);
        if (_both is not null)
            _both(Stream, Config(_device.GroupSize, shape.C, shape.N), Floats(x), Floats(a), Floats(b), scalars);
        int rows = _device.GroupSize >> StripMeansKernels.LogLanes;
        if (_overWidth is not null)
            _overWidth(Stream, Config(_device.GroupSize, Groups(shape.C * shape.H, rows), shape.N), Floats(x), Floats(a), Floats(b), scalars);
        if (_overHeight is not null)
            _overHeight(Stream, Config(_device.GroupSize, Groups(shape.W, StripMeansKernels.Lanes), shape.C, shape.N), Floats(x), Floats(a), Floats(b), scalars);
    }
}
