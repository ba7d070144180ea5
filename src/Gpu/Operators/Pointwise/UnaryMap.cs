using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.UnaryMap.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y[i] = f(x[i]) over the elements of an image; grid (elements, images), one element a thread, or four.
/// </summary>
internal sealed class UnaryMap<TFunction>(KernelDevice device, string name) : KernelOperation(device)
    where TFunction : struct, IUnary
{
    private readonly Launch _scalar = device.Load<Launch>(UnaryMap.Scalar<TFunction>);
    private readonly Launch _vector = device.Load<Launch>(UnaryMap.Vector<TFunction>);

    public override string Variant => name;

    /// <summary>Maps one tensor to another of as many elements an image.</summary>
    public void Map(in Tensor x, in Tensor y)
    {
        int count = (int)x.Shape.ImageLength;
        bool vector = (count & 3) == 0 && IsAligned(x) && IsAligned(y);
        if (vector)
            count >>= 2;
        (vector ? _vector : _scalar)(Stream, Flat(count, x.Shape.N), Floats(x), Floats(y), new(new(x), new(y), count));
    }

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) => Map(inputs[0], outputs[0]);
}

/// <summary>The kernels of <see cref="UnaryMap{TFunction}"/>.</summary>
internal static class UnaryMap
{
    internal readonly record struct Scalars(Place X, Place Y, int Count);

    [Kernel(typeof(PointwiseFunctions.Copy)), Kernel(typeof(PointwiseFunctions.Relu)), Kernel(typeof(PointwiseFunctions.Sigmoid)),
        Kernel(typeof(PointwiseFunctions.Gelu))]
    internal static void Scalar<TFunction>(ArrayView<float> x, ArrayView<float> y, Scalars s)
        where TFunction : struct, IUnary
    {
        int i = KernelMath.GlobalIndex();
        if (KernelMath.InRange(i, s.Count))
            y[s.Y.Image(Grid.IdxY) + i] = TFunction.Of(x[s.X.Image(Grid.IdxY) + i]);
    }

    [Kernel(typeof(PointwiseFunctions.Copy), Vectors = true), Kernel(typeof(PointwiseFunctions.Relu), Vectors = true),
        Kernel(typeof(PointwiseFunctions.Sigmoid), Vectors = true), Kernel(typeof(PointwiseFunctions.Gelu), Vectors = true)]
    internal static void Vector<TFunction>(ArrayView<float> x, ArrayView<float> y, Scalars s)
        where TFunction : struct, IUnary
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        Float4 v = Float4.Load(x, s.X.Image(Grid.IdxY) + 4 * i);
        Float4.Store(y, s.Y.Image(Grid.IdxY) + 4 * i, new(TFunction.Of(v.X), TFunction.Of(v.Y), TFunction.Of(v.Z), TFunction.Of(v.W)));
    }
}
