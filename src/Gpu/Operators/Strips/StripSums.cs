using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.StripSumsScalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Launches <see cref="StripSumsKernels"/>: both sums in one read where a plane's partial sums fit shared memory, else
/// each on its own.
/// </summary>
internal abstract class StripSums<TTerm> : KernelOperation
    where TTerm : struct, IStripTerm
{
    private readonly KernelDevice _device;
    private readonly Launch? _both, _overWidth, _overHeight;

    protected StripSums(KernelDevice device, Shape x, bool overWidth = true, bool overHeight = true) : base(device)
    {
        _device = device;
        long sums = StripSumsKernels.PartialSums(x, device.GroupSize);
        if (overWidth && overHeight && sums <= LargePlane.PartialSums)
        {
            _both = device.Load<Launch>(sums <= SmallPlane.PartialSums
                ? StripSumsKernels.Both<SmallPlane, TTerm>
                : StripSumsKernels.Both<LargePlane, TTerm>);
            return;
        }
        if (overWidth)
            _overWidth = device.Load<Launch>(StripSumsKernels.OverWidth<TTerm>);
        if (overHeight)
            _overHeight = device.Load<Launch>(StripSumsKernels.OverHeight<TTerm>);
    }

    /// <summary>Whether the input is read once for both sums.</summary>
    protected bool InOneRead => _both is not null;

    /// <summary>Sums up; what the term does not need may be any tensor.</summary>
    protected void Sum(
        in Tensor x, in Tensor factor, in Tensor column, in Tensor row, in Tensor a, in Tensor b, float overWidth = 1f,
        float overHeight = 1f)
    {
        Shape shape = x.Shape;
        var scalars = new StripSumsScalars(
            new(x), new(factor), new(column), new(row), new(a), new(b), shape.C * shape.H, shape.W, overWidth, overHeight, new(shape.H));
        int rows = _device.GroupSize >> StripSumsKernels.LogLanes;
        _both?.Invoke(Stream, Config(_device.GroupSize, shape.C, shape.N),
            Floats(x), Floats(factor), Floats(column), Floats(row), Floats(a), Floats(b), scalars);
        _overWidth?.Invoke(Stream, Config(_device.GroupSize, Groups(scalars.Rows, rows), shape.N),
            Floats(x), Floats(factor), Floats(column), Floats(row), Floats(a), Floats(b), scalars);
        _overHeight?.Invoke(Stream, Config(_device.GroupSize, Groups(shape.W, StripSumsKernels.Lanes), shape.C, shape.N),
            Floats(x), Floats(factor), Floats(column), Floats(row), Floats(a), Floats(b), scalars);
    }
}
