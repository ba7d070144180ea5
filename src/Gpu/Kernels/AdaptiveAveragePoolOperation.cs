using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AdaptiveAveragePoolOperation.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Output (i, j) = mean over rows [floor(iH/O), ceil((i+1)H/O)) and the columns likewise. Small bins: grid (elements of
/// an output image, images), one bin a thread, row by row. Large bins: grid (elements, images), one bin a group, whose
/// threads take every 64th element and add up their sums in a tree.
/// </summary>
internal sealed class AdaptiveAveragePoolOperation : KernelOperation
{
    /// <summary>Threads of a group that shares a bin.</summary>
    private const int Sharers = 64;

    private readonly AdaptiveAveragePool _pool;
    private readonly bool _large;
    private readonly Launch _launch;

    public AdaptiveAveragePoolOperation(KernelDevice device, AdaptiveAveragePool pool, Shape input) : base(device)
    {
        // Of the last bin's end, (O * I + O - 1) / O, the dividend must fit, too.
        if ((input.H + 1L) * pool.Output.Height > int.MaxValue || (input.W + 1L) * pool.Output.Width > int.MaxValue)
            throw new ShapeException($"{pool.Name}: {input} to {pool.Output} is too large for a GPU; use cpu");
        _pool = pool;
        _large = (long)input.Plane >= 4L * Sharers * pool.Output.Height * pool.Output.Width;
        _launch = device.Load<Launch>(_large ? LargeBins : SmallBins);
    }

    public override string Variant => _large ? "adaptive average pool, a bin a group" : "adaptive average pool, a bin a thread";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        int count = x.C * _pool.Output.Height * _pool.Output.Width;
        _launch(Stream, _large ? Config(Sharers, count, x.N) : Flat(count, x.N), Floats(inputs[0]), Floats(outputs[0]),
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
        float sum = 0f;
        for (int h = bin.Top; h < bin.Bottom; h++)
        {
            for (int w = bin.Left; w < bin.Right; w++)
                sum += x[plane + h * s.Width + w];
        }
        y[s.Y.Image(Grid.IdxY) + i] = KernelMath.Divide(sum, bin.Count);
    }

    [Kernel]
    internal static void LargeBins(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(Sharers);
        int i = Grid.IdxX;
        int thread = Group.IdxX;
        var bin = new Bin(i, s);
        int plane = s.X.Image(Grid.IdxY) + bin.Channel * s.Height * s.Width;
        int width = bin.Right - bin.Left;
        float sum = 0f;
        // The thread's place in the bin, row and column, moves on by Sharers elements at a time.
        int h = bin.Top;
        int w = thread;
        while (h < bin.Bottom)
        {
            if (w >= width)
            {
                w -= width;
                h++;
            }
            else
            {
                sum += x[plane + h * s.Width + bin.Left + w];
                w += Sharers;
            }
        }
        sums[thread] = sum;
        for (int half = Sharers >> 1; half > 0; half >>= 1)
        {
            KernelMath.Barrier();
            if (thread < half)
                sums[thread] += sums[thread + half];
        }
        if (thread == 0)
            y[s.Y.Image(Grid.IdxY) + i] = KernelMath.Divide(sums[0], bin.Count);
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
