using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.GroupNormGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The mean of a group's channels, which lie side by side, then the squares of the deviations from it and the sums with dy, then
/// dx; grid (groups, images), a group of threads each.
/// </summary>
internal sealed class GroupNormGradientKernels(KernelDevice device, GroupNorm norm) : KernelOperation(device)
{
    private readonly KernelDevice _device = device;
    private readonly Launch _launch = device.Load<Launch>(Channels);

    public override string Variant => "group norm gradient";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        int length = shape.C / norm.Groups * shape.Plane;
        _launch(Stream, Config(_device.GroupSize, norm.Groups, shape.N), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(outputs[0]), length, 1f / length, (float)BatchNorm.Epsilon));
    }

    [Kernel]
    internal static void Channels(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> dx, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int gradient = s.Dy.Image(Grid.IdxY) + Grid.IdxX * s.Length;
        int from = s.X.Image(Grid.IdxY) + Grid.IdxX * s.Length;
        int to = s.Dx.Image(Grid.IdxY) + Grid.IdxX * s.Length;
        float sum = 0f;
        for (int i = Group.IdxX; i < s.Length; i += Group.DimX)
            sum += x[from + i];
        float mean = GroupSum.Of(shared, sum) * s.Share;
        float squares = 0f;
        float gradients = 0f;
        float products = 0f;
        for (int i = Group.IdxX; i < s.Length; i += Group.DimX)
        {
            float deviation = x[from + i] - mean;
            float given = dy[gradient + i];
            squares += deviation * deviation;
            gradients += given;
            products += given * deviation;
        }
        float variance = GroupSum.Of(shared, squares) * s.Share;
        float shift = GroupSum.Of(shared, gradients) * s.Share;
        float factor = KernelMath.Divide(1f, KernelMath.Sqrt(variance + s.Epsilon));
        float slope = GroupSum.Of(shared, products) * s.Share * factor * factor;
        for (int i = Group.IdxX; i < s.Length; i += Group.DimX)
            dx[to + i] = (dy[gradient + i] - shift - (x[from + i] - mean) * slope) * factor;
    }

    /// <summary>Places, elements of a group, one over that number, eps.</summary>
    internal readonly record struct Scalars(Place Dy, Place X, Place Dx, int Length, float Share, float Epsilon);
}
