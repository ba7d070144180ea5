using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BatchNormKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = weight[c] * x + bias[c]; grid (elements of an image, images), one element a thread, or four of one channel.
/// </summary>
internal sealed class BatchNormKernels(KernelDevice device, BatchNormKernelWeights weights) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => "batch norm";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        bool vector = (shape.Plane & 3) == 0 && IsAligned(inputs[0]) && IsAligned(outputs[0]);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(inputs[0]), weights.Packed, Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, shape.C, new(shape.Plane / width)));
    }

    [Kernel]
    internal static void Scalar(ArrayView<float> x, ArrayView<float> packed, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int c = s.Plane.Quotient(i);
        y[s.Y.Image(Grid.IdxY) + i] = packed[c] * x[s.X.Image(Grid.IdxY) + i] + packed[s.Channels + c];
    }

    [Kernel(Vectors = true)]
    internal static void Vector(ArrayView<float> x, ArrayView<float> packed, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int c = s.Plane.Quotient(i);
        Float4 v = Float4.All(packed[s.Channels + c]);
        v.Add(packed[c], Float4.Load(x, s.X.Image(Grid.IdxY) + 4 * i));
        Float4.Store(y, s.Y.Image(Grid.IdxY) + 4 * i, v);
    }

    internal readonly record struct Scalars(Place X, Place Y, int Count, int Channels, Divisor Plane);
}
