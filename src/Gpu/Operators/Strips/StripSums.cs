using System.Numerics;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.StripSumsScalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>Launches <see cref="StripSumsKernels"/>.</summary>
internal abstract class StripSums<TTerm>(KernelDevice device) : KernelOperation(device)
    where TTerm : struct, IStripTerm
{
    private readonly KernelDevice _device = device;
    private readonly Launch _one = device.Load<Launch>(StripSumsKernels.Sums<TTerm, Items.One>);
    private readonly Launch _four = device.Load<Launch>(StripSumsKernels.Sums<TTerm, Items.Four>);

    /// <summary>Sums up; what the term does not need may be any tensor, and so may a result divided by zero: it is not made.</summary>
    protected void Sum(
        in Tensor x, in Tensor factor, in Tensor column, in Tensor row, in Tensor gated, in Tensor a, in Tensor b,
        float overWidth = 1f, float overHeight = 1f)
    {
        Shape shape = x.Shape;
        bool four = (shape.W & 3) == 0 && IsAligned(x) && IsAligned(factor) && IsAligned(row) && IsAligned(gated);
        int items = four ? shape.W >> 2 : shape.W;
        // Of a row that is longer than the group all pieces are about as long.
        int across = Groups(items, Groups(items, _device.GroupSize));
        (four ? _four : _one)(Stream, Config(_device.GroupSize, shape.C, shape.N),
            Floats(x), Floats(factor), Floats(column), Floats(row), Floats(gated), Floats(a), Floats(b),
            new(new(x), new(factor), new(column), new(row), new(gated), new(a), new(b), shape.H, shape.W, overWidth, overHeight,
                _device.GroupSize / across, new(across), across | 1,
                BitOperations.Log2((uint)_device.GroupSize / StripSumsKernels.Sharers)));
    }
}
