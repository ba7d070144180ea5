using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BatchNormTransformKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = gamma * (x - mean) / sqrt(variance + eps) + beta; grid (elements of an image, images), one element a thread, or
/// four of one channel. The root and the division that each thread makes hide behind its reads of x.
/// </summary>
internal sealed class BatchNormTransformKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => "batch norm transform";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        bool vector = (shape.Plane & 3) == 0 && IsAligned(inputs[0]) && IsAligned(outputs[0]);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N),
            Floats(inputs[0]), Floats(inputs[1]), Floats(inputs[2]), Floats(inputs[3]), Floats(inputs[4]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(inputs[2]), new(inputs[3]), new(inputs[4]), new(outputs[0]),
                count, (float)BatchNorm.Epsilon, new(shape.Plane / width)));
    }

    [Kernel]
    internal static void Scalar(
        ArrayView<float> x, ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> gamma, ArrayView<float> beta,
        ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int c = s.Plane.Quotient(i);
        float centred = x[s.X.Image(Grid.IdxY) + i] - mean[s.Mean.Image(0) + c];
        y[s.Y.Image(Grid.IdxY) + i] = Factor(variance, gamma, s, c) * centred + beta[s.Beta.Image(0) + c];
    }

    [Kernel(Vectors = true)]
    internal static void Vector(
        ArrayView<float> x, ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> gamma, ArrayView<float> beta,
        ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int c = s.Plane.Quotient(i);
        Float4 centred = Float4.Load(x, s.X.Image(Grid.IdxY) + 4 * i) - Float4.All(mean[s.Mean.Image(0) + c]);
        Float4 v = Float4.All(beta[s.Beta.Image(0) + c]);
        v.Add(Factor(variance, gamma, s, c), centred);
        Float4.Store(y, s.Y.Image(Grid.IdxY) + 4 * i, v);
    }

    private static float Factor(ArrayView<float> variance, ArrayView<float> gamma, in Scalars s, int c) =>
        KernelMath.Divide(gamma[s.Gamma.Image(0) + c], KernelMath.Sqrt(variance[s.Variance.Image(0) + c] + s.Epsilon));

    /// <summary>Places, threads of an image, eps, a divisor by the threads of a plane.</summary>
    internal readonly record struct Scalars(
        Place X, Place Mean, Place Variance, Place Gamma, Place Beta, Place Y, int Count, float Epsilon, Divisor Plane);
}
