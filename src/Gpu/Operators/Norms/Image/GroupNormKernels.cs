using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.GroupNormKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// A group's channels lie side by side: their mean, the squares of the deviations from it, then the result; grid (groups,
/// images), a group of threads each.
/// </summary>
internal sealed class GroupNormKernels(KernelDevice device, GroupNorm norm) : KernelOperation(device)
{
    private readonly KernelDevice _device = device;
    private readonly Launch _launch = device.Load<Launch>(Channels);

    public override string Variant => "group norm";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        int length = shape.C / norm.Groups * shape.Plane;
        _launch(Stream, Config(_device.GroupSize, norm.Groups, shape.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), length, 1f / length, (float)BatchNorm.Epsilon));
    }

    [Kernel]
    internal static void Channels(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int from = s.X.Image(Grid.IdxY) + Grid.IdxX * s.Length;
        int to = s.Y.Image(Grid.IdxY) + Grid.IdxX * s.Length;
        float sum = 0f;
        for (int i = Group.IdxX; i < s.Length; i += Group.DimX)
            sum += x[from + i];
        float mean = GroupSum.Of(shared, sum) * s.Share;
        float squares = 0f;
        for (int i = Group.IdxX; i < s.Length; i += Group.DimX)
        {
            float deviation = x[from + i] - mean;
            squares += deviation * deviation;
        }
        float variance = GroupSum.Of(shared, squares) * s.Share;
        float factor = KernelMath.Divide(1f, KernelMath.Sqrt(variance + s.Epsilon));
        for (int i = Group.IdxX; i < s.Length; i += Group.DimX)
            y[to + i] = (x[from + i] - mean) * factor;
    }

    /// <summary>Places, elements of a group, one over that number, eps.</summary>
    internal readonly record struct Scalars(Place X, Place Y, int Length, float Share, float Epsilon);
}
