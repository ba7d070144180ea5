using ILGPU.Runtime;
using ILGPU;
using GradientLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.StripMeansGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>The mean over W is the sum over W divided by W; likewise that over H.</summary>
internal sealed class StripMeansKernels(KernelDevice device, StripMeans means, Shape input)
    : StripSums<StripTerms.Plain>(device, input, means.OverWidth, means.OverHeight)
{
    public override string Variant => InOneRead ? "strip means, one read" : "strip means";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor x = ref inputs[0];
        Sum(x, x, x, x, outputs[0], outputs[^1], x.Shape.W, x.Shape.H);
    }
}

/// <summary>
/// dx = expand(da) / W + expand(db) / H, da N,C,H,1, db N,C,1,W, or one of the two; grid (elements of an image, images),
/// one element a thread, or four of one row. Row r = c * H + h of dx takes element r of da.
/// </summary>
internal sealed class StripMeansGradientKernels(KernelDevice device, StripMeansGradient gradient) : KernelOperation(device)
{
    private readonly GradientLaunch _scalar = device.Load<GradientLaunch>(Scalar);
    private readonly GradientLaunch _vector = device.Load<GradientLaunch>(Vector);

    public override string Variant => gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor a = ref inputs[0];
        ref readonly Tensor b = ref inputs[^1];
        Shape shape = outputs[0].Shape;
        bool vector = (shape.W & 3) == 0 && (!gradient.OverHeight || IsAligned(b)) && IsAligned(outputs[0]);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(a), Floats(b), Floats(outputs[0]),
            new(new(a), new(b), new(outputs[0]), count, shape.W,
                gradient.OverWidth ? 1f / shape.W : 0f, gradient.OverHeight ? 1f / shape.H : 0f, new(shape.H), new(shape.W / width)));
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
        float sum = 0f;
        if (s.OverWidth != 0f)
            sum += s.OverWidth * a[s.A.Image(n) + row];
        if (s.OverHeight != 0f)
            sum += s.OverHeight * b[s.B.Image(n) + channel * s.Width + i - row * s.Width];
        y[s.Y.Image(n) + i] = sum;
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
        Float4 sum = Float4.All(0f);
        if (s.OverWidth != 0f)
            sum += Float4.All(s.OverWidth * a[s.A.Image(n) + row]);
        if (s.OverHeight != 0f)
            sum.Add(s.OverHeight, Float4.Load(b, s.B.Image(n) + channel * s.Width + 4 * i - row * s.Width));
        Float4.Store(y, s.Y.Image(n) + 4 * i, sum);
    }

    /// <param name="A">Place of the column.</param>
    /// <param name="B">Place of the row.</param>
    /// <param name="Y">Place of the output.</param>
    /// <param name="Count">Threads with work in an image.</param>
    /// <param name="Width">W.</param>
    /// <param name="OverWidth">1 / W, or 0 if there was no mean over W.</param>
    /// <param name="OverHeight">1 / H, or 0 if there was no mean over H.</param>
    /// <param name="Height">Divides by H.</param>
    /// <param name="Row">Divides by the threads of a row.</param>
    internal readonly record struct Scalars(
        Place A, Place B, Place Y, int Count, int Width, float OverWidth, float OverHeight, Divisor Height, Divisor Row);
}
