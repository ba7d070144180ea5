using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.ScaleChannelsKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = x * m[n,c]; grid (elements of an image, images), one element a thread, or four of one channel.
/// </summary>
internal sealed class ScaleChannelsKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => "scale channels";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        bool vector = (shape.Plane & 3) == 0 && IsAligned(inputs[0]) && IsAligned(outputs[0]);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(outputs[0]), count, new(shape.Plane / width)));
    }

    [Kernel]
    internal static void Scalar(ArrayView<float> x, ArrayView<float> factors, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (KernelMath.InRange(i, s.Count))
            y[s.Y.Image(n) + i] = x[s.X.Image(n) + i] * factors[s.Factors.Image(n) + s.Plane.Quotient(i)];
    }

    [Kernel(Vectors = true)]
    internal static void Vector(ArrayView<float> x, ArrayView<float> factors, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        Float4 factor = Float4.All(factors[s.Factors.Image(n) + s.Plane.Quotient(i)]);
        Float4.Store(y, s.Y.Image(n) + 4 * i, Float4.Load(x, s.X.Image(n) + 4 * i) * factor);
    }

    internal readonly record struct Scalars(Place X, Place Factors, Place Y, int Count, Divisor Plane);
}
