using ILGPU.Runtime;
using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.StripGateKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = x * sigmoid(expand(a) + expand(b)), a N,C,H,1, b N,C,1,W; grid (elements of an image, images), one element a
/// thread, or four of one row. Row r = c * H + h of x is element r of a.
/// </summary>
internal sealed class StripGateKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => "strip gate";

    /// <summary>Makes y of x, a and b.</summary>
    public void Gate(in Tensor x, in Tensor a, in Tensor b, in Tensor y)
    {
        Shape shape = x.Shape;
        bool vector = (shape.W & 3) == 0 && IsAligned(x) && IsAligned(b) && IsAligned(y);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(x), Floats(a), Floats(b), Floats(y),
            new(new(x), new(a), new(b), new(y), count, shape.W, new(shape.H), new(shape.W / width)));
    }

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) =>
        Gate(inputs[0], inputs[1], inputs[2], outputs[0]);

    [Kernel]
    internal static void Scalar(ArrayView<float> x, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        float gate = a[s.A.Image(n) + row] + b[s.B.Image(n) + channel * s.Width + i - row * s.Width];
        y[s.Y.Image(n) + i] = x[s.X.Image(n) + i] * KernelMath.Sigmoid(gate);
    }

    [Kernel(Vectors = true)]
    internal static void Vector(ArrayView<float> x, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        Float4 gate = Float4.All(a[s.A.Image(n) + row]) + Float4.Load(b, s.B.Image(n) + channel * s.Width + 4 * i - row * s.Width);
        Float4.Store(y, s.Y.Image(n) + 4 * i, Float4.Load(x, s.X.Image(n) + 4 * i) * Float4.Sigmoid(gate));
    }

    /// <param name="X">Place of x.</param>
    /// <param name="A">Place of the column.</param>
    /// <param name="B">Place of the row.</param>
    /// <param name="Y">Place of the output.</param>
    /// <param name="Count">Threads with work in an image.</param>
    /// <param name="Width">W.</param>
    /// <param name="Height">Divides by H.</param>
    /// <param name="Row">Divides by the threads of a row.</param>
    internal readonly record struct Scalars(Place X, Place A, Place B, Place Y, int Count, int Width, Divisor Height, Divisor Row);
}

/// <summary>dx = dy * s is the gate applied to dy; da and db are the sums of dy * x * s * (1 - s) over W and over H.</summary>
internal sealed class StripGateGradientKernels(KernelDevice device, Shape dy) : StripSums<StripTerms.GateGradient>(device, dy)
{
    private readonly StripGateKernels _gate = new(device);

    public override string Variant => InOneRead ? "strip gate gradient, one read" : "strip gate gradient";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        _gate.Gate(inputs[0], inputs[2], inputs[3], outputs[0]);
        Sum(inputs[0], inputs[1], inputs[2], inputs[3], outputs[1], outputs[2]);
    }
}
