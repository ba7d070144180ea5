using ILGPU;
using ILGPU.Runtime;
using GradientLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AveragePoolGradientKernels.Scalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AveragePoolKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = the sum under the window, row by row, times its share; grid (elements of an output image, images), one element a
/// thread, which asks for four elements of a row before it adds the first.
/// </summary>
internal sealed class AveragePoolKernels(KernelDevice device, AveragePool pool) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Mean);

    public override string Variant => pool.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape y = outputs[0].Shape;
        int count = (int)y.ImageLength;
        _launch(Stream, Flat(count, y.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, x.H, x.W, pool.Kernel, pool.Stride, pool.Padding,
                1f / (pool.Kernel * pool.Kernel), new(y.H), new(y.W)));
    }

    [Kernel]
    internal static void Mean(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.OutWidth.Quotient(i);
        int channel = s.OutHeight.Quotient(row);
        int left = (i - row * s.OutWidth.Value) * s.Stride - s.Padding;
        int top = (row - channel * s.OutHeight.Value) * s.Stride - s.Padding;
        int right = KernelMath.Min(left + s.Kernel, s.Width);
        int bottom = KernelMath.Min(top + s.Kernel, s.Height);
        left = KernelMath.Max(left, 0);
        int plane = s.X.Image(Grid.IdxY) + channel * s.Height * s.Width;
        float sum = 0f;
        for (int h = KernelMath.Max(top, 0); h < bottom; h++)
        {
            int at = plane + h * s.Width;
            for (int w = left; w < right; w += 4)
            {
                float a = GlobalMemory.Load(x, at + w, true), b = GlobalMemory.Load(x, at + w + 1, w + 1 < right);
                float c = GlobalMemory.Load(x, at + w + 2, w + 2 < right), d = GlobalMemory.Load(x, at + w + 3, w + 3 < right);
                sum += a + b + (c + d);
            }
        }
        y[s.Y.Image(Grid.IdxY) + i] = sum * s.Share;
    }

    /// <summary>Places, threads of an image, the input's plane, the window, one over its size, divisors by the output's extents.</summary>
    internal readonly record struct Scalars(
        Place X, Place Y, int Count, int Height, int Width, int Kernel, int Stride, int Padding, float Share,
        Divisor OutHeight, Divisor OutWidth);
}

/// <summary>
/// dx = the sum, row by row, of dy of the windows over the element, times a window's share; grid (elements of an input image,
/// images), one element a thread.
/// </summary>
internal sealed class AveragePoolGradientKernels(KernelDevice device, AveragePoolGradient gradient) : KernelOperation(device)
{
    private readonly GradientLaunch _launch = device.Load<GradientLaunch>(Gather);

    public override string Variant => gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape dy = inputs[0].Shape;
        Shape dx = outputs[0].Shape;
        AveragePool pool = gradient.Forward;
        int count = (int)dx.ImageLength;
        _launch(Stream, Flat(count, dx.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, new(pool.Kernel, pool.Padding, new(pool.Stride)), dy.H, dy.W,
                1f / (pool.Kernel * pool.Kernel), new(dx.H), new(dx.W)));
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
        int plane = s.Dy.Image(Grid.IdxY) + channel * s.Rows * s.Columns;
        int bottom = s.Windows.End(row, s.Rows);
        int left = s.Windows.Begin(column);
        int right = s.Windows.End(column, s.Columns);
        float sum = 0f;
        for (int h = s.Windows.Begin(row); h < bottom; h++)
        {
            for (int w = left; w < right; w++)
                sum += dy[plane + h * s.Columns + w];
        }
        dx[s.Dx.Image(Grid.IdxY) + i] = sum * s.Share;
    }

    /// <summary>Places, threads of an image, the windows, their rows and columns, a window's share, divisors by dx's extents.</summary>
    internal readonly record struct Scalars(
        Place Dy, Place Dx, int Count, WindowsOver Windows, int Rows, int Columns, float Share, Divisor Height, Divisor Width);
}
