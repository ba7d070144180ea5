using ILGPU.Runtime;
using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.ExpandAddKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = expand(a) + expand(b), or relu of it, a N,C,H,1, b N,C,1,W; grid (elements of an image, images), one element a
/// thread, or four of one row. Row r = c * H + h of y takes element r of a.
/// </summary>
internal sealed class ExpandAddKernels(KernelDevice device, ExpandAdd expand) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => expand.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = outputs[0].Shape;
        bool vector = (shape.W & 3) == 0 && IsAligned(inputs[1]) && IsAligned(outputs[0]);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(outputs[0]), count, shape.W, expand.Relu ? 1 : 0, new(shape.H), new(shape.W / width)));
    }

    [Kernel]
    internal static void Scalar(ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        float sum = a[s.A.Image(n) + row] + b[s.B.Image(n) + channel * s.Width + i - row * s.Width];
        y[s.Y.Image(n) + i] = s.Relu != 0 ? KernelMath.Relu(sum) : sum;
    }

    [Kernel(Vectors = true)]
    internal static void Vector(ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        Float4 sum = Float4.All(a[s.A.Image(n) + row]) + Float4.Load(b, s.B.Image(n) + channel * s.Width + 4 * i - row * s.Width);
        if (s.Relu != 0)
            sum = Float4.Relu(sum);
        Float4.Store(y, s.Y.Image(n) + 4 * i, sum);
    }

    /// <param name="A">Place of the column.</param>
    /// <param name="B">Place of the row.</param>
    /// <param name="Y">Place of the output.</param>
    /// <param name="Count">Threads with work in an image.</param>
    /// <param name="Width">W.</param>
    /// <param name="Relu">1 for relu, else 0.</param>
    /// <param name="Height">Divides by H.</param>
    /// <param name="Row">Divides by the threads of a row.</param>
    internal readonly record struct Scalars(Place A, Place B, Place Y, int Count, int Width, int Relu, Divisor Height, Divisor Row);
}

/// <summary>da and db are the sums of dy over W and over H, with relu of those elements that it let pass.</summary>
internal sealed class ExpandAddGradientKernels<TTerm>(KernelDevice device, string name, Shape dy) : StripSums<TTerm>(device, dy)
    where TTerm : struct, IStripTerm
{
    public override string Variant => InOneRead ? $"{name}, one read" : name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor column = ref inputs[inputs.Length > 1 ? 1 : 0];
        Sum(inputs[0], inputs[0], column, inputs[^1], outputs[0], outputs[1]);
    }
}
