using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.DepthwiseFilterGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The gradient of a depthwise convolution by its filter. Grid (taps, channels): a group sums a tap's products over the
/// pixels of all images; a thread asks for four of both before it adds the first.
/// </summary>
internal sealed class DepthwiseFilterGradientKernels : KernelOperation
{
    private readonly KernelDevice _device;
    private readonly string _name;
    private readonly Shape _filter;
    private readonly Scalars _scalars;
    private readonly Launch _launch;

    public DepthwiseFilterGradientKernels(KernelDevice device, ConvolutionFilterGradient gradient, ReadOnlySpan<Shape> inputs)
        : base(device)
    {
        _device = device;
        _name = gradient.Name;
        _filter = gradient.Infer(inputs)[0];
        Convolution forward = gradient.Forward;
        Shape dy = inputs[0];
        Shape x = inputs[1];
        _scalars = new Scalars
        {
            Height = x.H,
            Width = x.W,
            StrideHeight = forward.Stride.Height,
            StrideWidth = forward.Stride.Width,
            PaddingHeight = forward.Padding.Height,
            PaddingWidth = forward.Padding.Width,
            DilationHeight = forward.Dilation.Height,
            DilationWidth = forward.Dilation.Width,
            Count = dy.N * dy.Plane,
            Pixels = new Divisor(dy.Plane),
            OutWidth = new Divisor(dy.W),
            KernelWidth = new Divisor(forward.Kernel.Width),
            OutputsOfSource = new Divisor(forward.OutChannels / forward.InChannels),
        };
        _launch = device.Load<Launch>(Sum);
    }

    public override string Variant => $"{_name} depthwise";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Scalars scalars = _scalars;
        scalars.Gradient = new Place(inputs[0]);
        scalars.X = new Place(inputs[1]);
        scalars.Filter = new Place(outputs[0]);
        _launch(Stream, Config(_device.GroupSize, _filter.Plane, _filter.N), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            scalars);
    }

    [Kernel]
    internal static void Sum(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> dw, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int tap = Grid.IdxX;
        int channel = Grid.IdxY;
        int u = s.KernelWidth.Quotient(tap);
        int row = u * s.DilationHeight - s.PaddingHeight;
        int column = (tap - u * s.KernelWidth.Value) * s.DilationWidth - s.PaddingWidth;
        int step = Group.DimX;
        float sum = 0f;
        for (int i = Group.IdxX; i < s.Count; i += 4 * step)
        {
            var a = new Factors(dy, x, channel, i, row, column, s);
            var b = new Factors(dy, x, channel, i + step, row, column, s);
            var c = new Factors(dy, x, channel, i + 2 * step, row, column, s);
            var d = new Factors(dy, x, channel, i + 3 * step, row, column, s);
            sum += a.Product + b.Product + (c.Product + d.Product);
        }
        sum = GroupSum.Of(shared, sum);
        if (Group.IdxX == 0)
            dw[s.Filter.Image(channel) + tap] += sum;
    }

    /// <summary>An element of dy and what the tap reads for it; zeros behind the last one and where it reads padding.</summary>
    private readonly struct Factors
    {
        private readonly float _gradient, _input;

        public Factors(ArrayView<float> dy, ArrayView<float> x, int channel, int item, int row, int column, in Scalars s)
        {
            int image = s.Pixels.Quotient(item);
            int pixel = item - image * s.Pixels.Value;
            int i = s.OutWidth.Quotient(pixel);
            int h = i * s.StrideHeight + row;
            int w = (pixel - i * s.OutWidth.Value) * s.StrideWidth + column;
            bool isInside = item < s.Count & KernelMath.InRange(h, s.Height) & KernelMath.InRange(w, s.Width);
            int plane = s.OutputsOfSource.Quotient(channel) * s.Height * s.Width;
            _gradient = GlobalMemory.Load(dy, s.Gradient.Image(image) + channel * s.Pixels.Value + pixel, isInside);
            _input = GlobalMemory.Load(x, s.X.Image(image) + plane + h * s.Width + w, isInside);
        }

        public float Product => _gradient * _input;
    }

    /// <summary>Places, the input's plane, the geometry, all pixels of a channel of dy, and divisors.</summary>
    internal struct Scalars
    {
        public Place Gradient, X, Filter;
        public int Height, Width, StrideHeight, StrideWidth, PaddingHeight, PaddingWidth, DilationHeight, DilationWidth, Count;
        public Divisor Pixels, OutWidth, KernelWidth, OutputsOfSource;
    }
}
