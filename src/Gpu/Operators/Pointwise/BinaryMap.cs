using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BinaryMap.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y[i] = f(a[i], b[i]) over the elements of an image; grid (elements, images), one element a thread, or four.
/// </summary>
internal sealed class BinaryMap<TFunction>(KernelDevice device, string name) : KernelOperation(device)
    where TFunction : struct, IBinary
{
    private readonly Launch _scalar = device.Load<Launch>(BinaryMap.Scalar<TFunction>);
    private readonly Launch _vector = device.Load<Launch>(BinaryMap.Vector<TFunction>);

    public override string Variant => name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int count = (int)inputs[0].Shape.ImageLength;
        bool vector = (count & 3) == 0 && AreAligned(inputs) && AreAligned(outputs);
        if (vector)
            count >>= 2;
        (vector ? _vector : _scalar)(Stream, Flat(count, inputs[0].Shape.N), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(outputs[0]), count));
    }
}

/// <summary>The kernels of <see cref="BinaryMap{TFunction}"/>.</summary>
internal static class BinaryMap
{
    internal readonly record struct Scalars(Place A, Place B, Place Y, int Count);

    [Kernel(typeof(PointwiseFunctions.Add)), Kernel(typeof(PointwiseFunctions.Multiply)), Kernel(typeof(PointwiseFunctions.ReluGradient)),
        Kernel(typeof(PointwiseFunctions.SigmoidGradient)), Kernel(typeof(PointwiseFunctions.GeluGradient))]
    internal static void Scalar<TFunction>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
        where TFunction : struct, IBinary
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (KernelMath.InRange(i, s.Count))
            y[s.Y.Image(n) + i] = TFunction.Of(a[s.A.Image(n) + i], b[s.B.Image(n) + i]);
    }

    [Kernel(typeof(PointwiseFunctions.Add), Vectors = true), Kernel(typeof(PointwiseFunctions.Multiply), Vectors = true)]
    [Kernel(typeof(PointwiseFunctions.ReluGradient), Vectors = true), Kernel(typeof(PointwiseFunctions.SigmoidGradient), Vectors = true)]
    [Kernel(typeof(PointwiseFunctions.GeluGradient), Vectors = true)]
    internal static void Vector<TFunction>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
        where TFunction : struct, IBinary
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        Float4 u = Float4.Load(a, s.A.Image(n) + 4 * i);
        Float4 v = Float4.Load(b, s.B.Image(n) + 4 * i);
        Float4.Store(y, s.Y.Image(n) + 4 * i,
            new(TFunction.Of(u.X, v.X), TFunction.Of(u.Y, v.Y), TFunction.Of(u.Z, v.Z), TFunction.Of(u.W, v.W)));
    }
}
