using ILGPU;
using ILGPU.Runtime;
using GradientLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AdaptiveAveragePoolGradientKernels.Scalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AdaptiveAveragePoolKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Output (i, j) = mean over rows [floor(iH/O), ceil((i+1)H/O)) and the columns likewise. Small bins: grid (elements of
/// an output image, images), one bin a thread. Large bins: grid (elements, images), one bin a group, whose threads lie in
/// 16 columns and add up their sums in a tree. A thread asks for eight elements, two columns of four rows, before it adds
/// the first.
/// </summary>
internal sealed class AdaptiveAveragePoolKernels : KernelOperation
{
    /// <summary>Elements of a bin for each thread of a group that shares it, at least.</summary>
    private const int Share = 4;

    private const int LogColumns = 4;

    private readonly AdaptiveAveragePool _pool;
    private readonly int _sharers;
    private readonly Launch _launch;

    public AdaptiveAveragePoolKernels(KernelDevice device, AdaptiveAveragePool pool, Shape input) : base(device)
    {
        // Of the last bin's end, (O * I + O - 1) / O, the dividend must fit, too.
        if ((input.H + 1L) * pool.Output.Height > int.MaxValue || (input.W + 1L) * pool.Output.Width > int.MaxValue)
            throw new ShapeException($"{pool.Name}: {input} to {pool.Output} is too large for a GPU; use cpu");
        _pool = pool;
        long each = input.Plane / ((long)pool.Output.Height * pool.Output.Width * Share);
        _sharers = each >= device.GroupSize ? device.GroupSize : each >= KernelDevice.FewestThreads ? KernelDevice.FewestThreads : 1;
        _launch = device.Load<Launch>(_sharers > 1 ? LargeBins : SmallBins);
    }

    public override string Variant => _sharers > 1 ? "adaptive average pool, a bin a group" : "adaptive average pool, a bin a thread";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        int count = x.C * _pool.Output.Height * _pool.Output.Width;
        _launch(Stream, _sharers > 1 ? Config(_sharers, count, x.N) : Flat(count, x.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, x.H, x.W, new(_pool.Output.Height), new(_pool.Output.Width)));
    }

    [Kernel]
    internal static void SmallBins(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        var bin = new Bin(i, s);
        int plane = s.X.Image(Grid.IdxY) + bin.Channel * s.Height * s.Width;
        float sum = Sum(x, plane, s.Width, bin, bin.Top, bin.Left, 1, 1);
        y[s.Y.Image(Grid.IdxY) + i] = KernelMath.Divide(sum, bin.Count);
    }

    [Kernel]
    internal static void LargeBins(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int i = Grid.IdxX;
        int thread = Group.IdxX;
        var bin = new Bin(i, s);
        int plane = s.X.Image(Grid.IdxY) + bin.Channel * s.Height * s.Width;
        float sum = Sum(
            x, plane, s.Width, bin, bin.Top + (thread >> LogColumns), bin.Left + (thread & ((1 << LogColumns) - 1)),
            Group.DimX >> LogColumns, 1 << LogColumns);
        sum = GroupSum.Of(sums, sum);
        if (thread == 0)
            y[s.Y.Image(Grid.IdxY) + i] = KernelMath.Divide(sum, bin.Count);
    }

    /// <summary>The sum of a bin's elements from a row and a column on, at steps down and to the right.</summary>
    private static float Sum(ArrayView<float> x, int plane, int width, in Bin bin, int top, int left, int down, int right)
    {
        float sum = 0f;
        for (int h = top; h < bin.Bottom; h += 4 * down)
        {
            int at = plane + h * width;
            int row = down * width;
            bool second = h + down < bin.Bottom, third = h + 2 * down < bin.Bottom, fourth = h + 3 * down < bin.Bottom;
            for (int w = left; w < bin.Right; w += 2 * right)
            {
                int v = w + right;
                bool both = v < bin.Right;
                float a = GlobalMemory.Load(x, at + w, true), b = GlobalMemory.Load(x, at + v, both);
                float c = GlobalMemory.Load(x, at + row + w, second), d = GlobalMemory.Load(x, at + row + v, second & both);
                float e = GlobalMemory.Load(x, at + 2 * row + w, third), f = GlobalMemory.Load(x, at + 2 * row + v, third & both);
                float g = GlobalMemory.Load(x, at + 3 * row + w, fourth), k = GlobalMemory.Load(x, at + 3 * row + v, fourth & both);
                sum += a + b + (c + d) + (e + f + (g + k));
            }
        }
        return sum;
    }

    internal readonly record struct Scalars(Place X, Place Y, int Count, int Height, int Width, Divisor OutHeight, Divisor OutWidth);

    /// <summary>The elements of the input that one output is the mean of.</summary>
    private readonly struct Bin
    {
        public readonly int Channel, Top, Bottom, Left, Right;

        public Bin(int i, in Scalars s)
        {
            int row = s.OutWidth.Quotient(i);
            int column = i - row * s.OutWidth.Value;
            Channel = s.OutHeight.Quotient(row);
            row -= Channel * s.OutHeight.Value;
            Top = s.OutHeight.Quotient(row * s.Height);
            Bottom = s.OutHeight.Quotient((row + 1) * s.Height + s.OutHeight.Value - 1);
            Left = s.OutWidth.Quotient(column * s.Width);
            Right = s.OutWidth.Quotient((column + 1) * s.Width + s.OutWidth.Value - 1);
        }

        /// <summary>The number of elements.</summary>
        public float Count => (Bottom - Top) * (Right - Left);
    }
}

/// <summary>
/// dx = the sum, row by row, over the bins that hold the pixel, of dy / the pixels of the bin. Row h is in the bins
/// [floor(hO/H), ceil((h+1)O/H)), the formula of the bins themselves with H and O in each other's place. Grid (elements
/// of an input image, images), one element a thread.
/// </summary>
internal sealed class AdaptiveAveragePoolGradientKernels : KernelOperation
{
    private readonly AdaptiveAveragePoolGradient _gradient;
    private readonly GradientLaunch _launch;

    public AdaptiveAveragePoolGradientKernels(KernelDevice device, AdaptiveAveragePoolGradient gradient, Shape bins) : base(device)
    {
        // The largest dividends are H * (O + 1) - 1 and O * (H + 1) - 1.
        if ((bins.H + 1L) * (gradient.Plane.Height + 1L) > int.MaxValue || (bins.W + 1L) * (gradient.Plane.Width + 1L) > int.MaxValue)
            throw new ShapeException($"{gradient.Name}: {bins} to {gradient.Plane} is too large for a GPU; use cpu");
        _gradient = gradient;
        _launch = device.Load<GradientLaunch>(Gather);
    }

    public override string Variant => _gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape dy = inputs[0].Shape;
        Shape dx = outputs[0].Shape;
        int count = (int)dx.ImageLength;
        _launch(Stream, Flat(count, dx.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, new(dx.H), new(dx.W), new(dy.H), new(dy.W)));
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
        int plane = s.Dy.Image(Grid.IdxY) + channel * s.BinRows.Value * s.BinColumns.Value;
        int bottom = End(row, s.BinRows, s.Height);
        int right = End(column, s.BinColumns, s.Width);
        float sum = 0f;
        for (int h = Begin(row, s.BinRows, s.Height); h < bottom; h++)
        {
            int height = End(h, s.Height, s.BinRows) - Begin(h, s.Height, s.BinRows);
            for (int w = Begin(column, s.BinColumns, s.Width); w < right; w++)
            {
                int width = End(w, s.Width, s.BinColumns) - Begin(w, s.Width, s.BinColumns);
                sum += KernelMath.Divide(dy[plane + h * s.BinColumns.Value + w], height * width);
            }
        }
        dx[s.Dx.Image(Grid.IdxY) + i] = sum;
    }

    /// <summary>floor(i * of / by).</summary>
    private static int Begin(int i, Divisor of, Divisor by) => by.Quotient(i * of.Value);

    /// <summary>ceil((i + 1) * of / by).</summary>
    private static int End(int i, Divisor of, Divisor by) => by.Quotient((i + 1) * of.Value + by.Value - 1);

    /// <summary>Places, threads of an image, divisors by the extents of dx and of dy.</summary>
    internal readonly record struct Scalars(
        Place Dy, Place Dx, int Count, Divisor Height, Divisor Width, Divisor BinRows, Divisor BinColumns);
}
