using ILGPU;
using ILGPU.Runtime;
using GradientLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BilinearGradientKernels.Scalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BilinearKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = x interpolated between four neighbours; grid (elements of an output image, images), one element a thread, or four
/// of one row.
/// </summary>
internal sealed class BilinearKernels(KernelDevice device, Bilinear bilinear) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => "bilinear";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape y = outputs[0].Shape;
        bool vector = (y.W & 3) == 0 && IsAligned(outputs[0]);
        int width = vector ? 4 : 1;
        int count = (int)y.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, y.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, new(x.H, y.H, bilinear.Rule), new(x.W, y.W, bilinear.Rule),
                new(y.H), new(y.W / width)));
    }

    [Kernel]
    internal static void Scalar(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        var point = new BilinearPoint(s.Columns.Input, s.Rows.At(row - channel * s.Height.Value), s.Columns.At(i - row * s.Row.Value));
        y[s.Y.Image(Grid.IdxY) + i] = point.Of(x, s.X.Image(Grid.IdxY) + channel * s.Rows.Input * s.Columns.Input);
    }

    [Kernel]
    internal static void Vector(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        int column = 4 * (i - row * s.Row.Value);
        BilinearKernelAxis.Sample rows = s.Rows.At(row - channel * s.Height.Value);
        int plane = s.X.Image(Grid.IdxY) + channel * s.Rows.Input * s.Columns.Input;
        Float4.Store(y, s.Y.Image(Grid.IdxY) + 4 * i, Four(x, plane, rows, column, s.Columns));
    }

    /// <summary>Four neighbours of one row of the output.</summary>
    internal static Float4 Four(
        ArrayView<float> x, int plane, BilinearKernelAxis.Sample rows, int column, BilinearKernelAxis columns) => new(
        new BilinearPoint(columns.Input, rows, columns.At(column)).Of(x, plane),
        new BilinearPoint(columns.Input, rows, columns.At(column + 1)).Of(x, plane),
        new BilinearPoint(columns.Input, rows, columns.At(column + 2)).Of(x, plane),
        new BilinearPoint(columns.Input, rows, columns.At(column + 3)).Of(x, plane));

    /// <param name="X">Place of the input.</param>
    /// <param name="Y">Place of the output.</param>
    /// <param name="Count">Threads with work in an image.</param>
    /// <param name="Rows">The vertical axis.</param>
    /// <param name="Columns">The horizontal axis.</param>
    /// <param name="Height">Divides by the height of the output.</param>
    /// <param name="Row">Divides by the threads of a row.</param>
    internal readonly record struct Scalars(
        Place X, Place Y, int Count, BilinearKernelAxis Rows, BilinearKernelAxis Columns, Divisor Height, Divisor Row);
}

/// <summary>
/// dx = the sum over the outputs that read the element, each row's first, of dy times the weights of row and column; grid
/// (elements of an input image, images), one element a thread.
/// </summary>
internal sealed class BilinearGradientKernels(
    KernelDevice device, BilinearGradient gradient) : KernelOperation(device)
{
    private readonly GradientLaunch _launch = device.Load<GradientLaunch>(Gather);

    public override string Variant => gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape dy = inputs[0].Shape;
        Shape dx = outputs[0].Shape;
        int count = (int)dx.ImageLength;
        _launch(Stream, Flat(count, dx.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, new(dx.H, dy.H, gradient.Rule), new(dx.W, dy.W, gradient.Rule),
                new(dx.H), new(dx.W)));
    }

    [Kernel]
    internal static void Gather(ArrayView<float> dy, ArrayView<float> dx, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Width.Quotient(i);
        int column = i - row * s.Width.Value;
        int channel = s.Height.Quotient(row);
        row -= channel * s.Height.Value;
        int plane = s.Dy.Image(Grid.IdxY) + channel * s.Rows.Outputs * s.Columns.Outputs;
        int bottom = s.Rows.End(row);
        int left = s.Columns.Begin(column);
        int right = s.Columns.End(column);
        float sum = 0f;
        for (int h = s.Rows.Begin(row); h < bottom; h++)
        {
            float line = 0f;
            for (int w = left; w < right; w++)
                line += s.Columns.Weight(w, column) * dy[plane + h * s.Columns.Outputs + w];
            sum += s.Rows.Weight(h, row) * line;
        }
        dx[s.Dx.Image(Grid.IdxY) + i] = sum;
    }

    /// <summary>Places, threads of an image, the two axes, divisors by the extents of dx.</summary>
    internal readonly record struct Scalars(
        Place Dy, Place Dx, int Count, BilinearGradientAxis Rows, BilinearGradientAxis Columns, Divisor Height, Divisor Width);
}
