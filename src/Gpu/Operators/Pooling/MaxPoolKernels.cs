using ILGPU;
using ILGPU.Runtime;
using GradientLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<int>, SpGpu.Gpu.Kernels.MaxPoolGradientKernels.Scalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.MaxPoolKernels.Scalars>;
using LaunchGather = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<int>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.MaxPoolGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = the largest value under the window, row by row; NaN wins, padding is minus infinity. Grid (elements of an
/// output image, images), one element a thread. The stem's pool, 3 x 3 of every other pixel, has a kernel of its own with
/// four elements a thread: nine loads of it, six of four floats each, are in flight at once, where one element a thread
/// makes nine loads of a float for each element.
/// </summary>
internal sealed class MaxPoolKernels(KernelDevice device, MaxPool pool) : KernelOperation(device)
{
    private readonly Launch _any = device.Load<Launch>(Largest), _stem = device.Load<Launch>(LargestOfThree);

    public override string Variant => pool.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape y = outputs[0].Shape;
        bool stem = pool is { Kernel: 3, Stride: 2, Padding: 1 } && (x.W & 7) == 0 && IsAligned(inputs[0]) && IsAligned(outputs[0]);
        int width = stem ? 4 : 1;
        int count = (int)y.ImageLength / width;
        (stem ? _stem : _any)(Stream, Flat(count, y.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, x.H, x.W, pool.Kernel, pool.Stride, pool.Padding, new(y.H), new(y.W / width)));
    }

    /// <summary>Windows of 3 x 3 with one column of padding, every other pixel, of rows of whole eights.</summary>
    [Kernel(Vectors = true)]
    internal static void LargestOfThree(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.OutWidth.Quotient(i);
        int channel = s.OutHeight.Quotient(row);
        int left = 8 * (i - row * s.OutWidth.Value);
        int top = 2 * (row - channel * s.OutHeight.Value) - 1;
        int at = s.X.Image(Grid.IdxY) + (channel * s.Height + top) * s.Width + left;
        var above = new PoolRow(x, at, left > 0, top >= 0);
        var middle = new PoolRow(x, at + s.Width, left > 0, true);
        var below = new PoolRow(x, at + 2 * s.Width, left > 0, top + 2 < s.Height);
        Float4.Store(y, s.Y.Image(Grid.IdxY) + 4 * i, Float4.Max(Float4.Max(above.Largest(), middle.Largest()), below.Largest()));
    }

    [Kernel]
    internal static void Largest(ArrayView<float> x, ArrayView<float> y, Scalars s)
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
        int plane = s.X.Image(Grid.IdxY) + channel * s.Height * s.Width;
        float largest = float.NegativeInfinity;
        for (int h = KernelMath.Max(top, 0); h < bottom; h++)
        {
            for (int w = KernelMath.Max(left, 0); w < right; w++)
                largest = KernelMath.Max(largest, x[plane + h * s.Width + w]);
        }
        y[s.Y.Image(Grid.IdxY) + i] = largest;
    }

    /// <summary>Places, threads of an image, the input's plane, the window, divisors by the output's extents.</summary>
    internal readonly record struct Scalars(
        Place X, Place Y, int Count, int Height, int Width, int Kernel, int Stride, int Padding, Divisor OutHeight, Divisor OutWidth);
}

/// <summary>
/// First, grid (elements of an output image, images), a window a thread: where in its plane the first largest element of
/// the window lies, into the workspace. Then, grid (elements of an input image, images), an element a thread: the sum,
/// row by row, of dy of the windows over the element that chose it.
/// </summary>
internal sealed class MaxPoolGradientKernels : KernelOperation
{
    private readonly MaxPoolGradient _gradient;
    private readonly GradientLaunch _choose;
    private readonly LaunchGather _gather;

    public MaxPoolGradientKernels(KernelDevice device, MaxPoolGradient gradient, Shape windows) : base(device)
    {
        _gradient = gradient;
        _choose = device.Load<GradientLaunch>(Choose);
        _gather = device.Load<LaunchGather>(Gather);
        device.Workspace.Reserve((int)windows.Count);
    }

    public override string Variant => _gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape dy = inputs[0].Shape;
        Shape x = inputs[1].Shape;
        MaxPool pool = _gradient.Forward;
        var scalars = new Scalars(
            new(inputs[0]), new(inputs[1]), new(outputs[0]), (int)dy.ImageLength, (int)x.ImageLength,
            new(pool.Kernel, pool.Padding, new(pool.Stride)), new(x.H), new(x.W), new(dy.H), new(dy.W));
        ArrayView<int> chosen = Workspace.Cast<int>();
        _choose(Stream, Flat(scalars.Windows, x.N), Floats(inputs[1]), chosen, scalars);
        _gather(Stream, Flat(scalars.Elements, x.N), Floats(inputs[0]), chosen, Floats(outputs[0]), scalars);
    }

    [Kernel]
    internal static void Choose(ArrayView<float> x, ArrayView<int> chosen, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Windows))
            return;
        int row = s.OutWidth.Quotient(i);
        int channel = s.OutHeight.Quotient(row);
        int left = (i - row * s.OutWidth.Value) * s.Over.Stride.Value - s.Over.Padding;
        int top = (row - channel * s.OutHeight.Value) * s.Over.Stride.Value - s.Over.Padding;
        int right = KernelMath.Min(left + s.Over.Kernel, s.Width.Value);
        int bottom = KernelMath.Min(top + s.Over.Kernel, s.Height.Value);
        left = KernelMath.Max(left, 0);
        top = KernelMath.Max(top, 0);
        int plane = s.X.Image(Grid.IdxY) + channel * s.Height.Value * s.Width.Value;
        int first = top * s.Width.Value + left;
        float largest = x[plane + first];
        for (int h = top; h < bottom; h++)
        {
            for (int w = left; w < right; w++)
            {
                int at = h * s.Width.Value + w;
                float value = x[plane + at];
                if (value > largest || (KernelMath.IsNaN(value) && !KernelMath.IsNaN(largest)))
                {
                    largest = value;
                    first = at;
                }
            }
        }
        chosen[Grid.IdxY * s.Windows + i] = first;
    }

    [Kernel]
    internal static void Gather(ArrayView<float> dy, ArrayView<int> chosen, ArrayView<float> dx, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Elements))
            return;
        int row = s.Width.Quotient(i);
        int column = i - row * s.Width.Value;
        int channel = s.Height.Quotient(row);
        row -= channel * s.Height.Value;
        int at = row * s.Width.Value + column;
        int plane = channel * s.OutHeight.Value * s.OutWidth.Value;
        int bottom = s.Over.End(row, s.OutHeight.Value);
        int right = s.Over.End(column, s.OutWidth.Value);
        float sum = 0f;
        for (int h = s.Over.Begin(row); h < bottom; h++)
        {
            for (int w = s.Over.Begin(column); w < right; w++)
            {
                int window = plane + h * s.OutWidth.Value + w;
                if (chosen[Grid.IdxY * s.Windows + window] == at)
                    sum += dy[s.Dy.Image(Grid.IdxY) + window];
            }
        }
        dx[s.Dx.Image(Grid.IdxY) + i] = sum;
    }

    /// <summary>Places, windows and elements of an image, which windows lie over an element, divisors by the extents.</summary>
    internal readonly record struct Scalars(
        Place Dy, Place X, Place Dx, int Windows, int Elements, WindowsOver Over,
        Divisor Height, Divisor Width, Divisor OutHeight, Divisor OutWidth);
}
