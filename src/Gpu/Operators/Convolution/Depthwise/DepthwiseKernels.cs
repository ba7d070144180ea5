using ILGPU;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.DepthwiseKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// A depthwise convolution, or its gradient by the input. Grid (fours of pixels of a plane, channels, images), four pixels a
/// thread, of which a tap's loads are in flight at once; the filter is the same for the whole group.
/// </summary>
internal sealed class DepthwiseKernels : KernelOperation
{
    private readonly string _name;
    private readonly DepthwiseWeights? _weights;
    private readonly bool _hasBias;
    private readonly Shape _output;
    private readonly Scalars _scalars;
    private readonly Launch _launch;

    public DepthwiseKernels(KernelDevice device, Convolution convolution, ReadOnlySpan<Shape> inputs, DepthwiseWeights weights)
        : this(device, convolution.Name, DepthwiseGeometry.Of(convolution), inputs[0], convolution.Infer(inputs)[0])
    {
        _weights = weights;
        _hasBias = true;
        _scalars.Convolution.Epilogue = convolution.Epilogue;
    }

    public DepthwiseKernels(KernelDevice device, TrainableConvolution convolution, ReadOnlySpan<Shape> inputs)
        : this(device, convolution.Name, DepthwiseGeometry.Of(convolution.Forward), inputs[0], convolution.Infer(inputs)[0]) =>
        _hasBias = convolution.HasBias;

    public DepthwiseKernels(KernelDevice device, ConvolutionInputGradient gradient, ReadOnlySpan<Shape> inputs)
        : this(device, gradient.Name, DepthwiseGeometry.OfInputGradient(gradient.Forward), inputs[0], gradient.Infer(inputs)[0])
    {
    }

    private DepthwiseKernels(KernelDevice device, string name, DepthwiseGeometry geometry, Shape source, Shape output) : base(device)
    {
        _name = name;
        _output = output;
        _scalars = new Scalars
        {
            Convolution = new ConvolutionScalars
            {
                Height = source.H,
                Width = source.W,
                Plane = source.Plane,
                StrideHeight = geometry.Stride.Height,
                StrideWidth = geometry.Stride.Width,
                PaddingHeight = geometry.Padding.Height,
                PaddingWidth = geometry.Padding.Width,
                Pixels = output.Plane,
                DilationHeight = geometry.Dilation.Height,
                DilationWidth = geometry.Dilation.Width,
                OutWidth = new Divisor(output.W),
                SpreadHeight = new Divisor(geometry.Spread.Height),
                SpreadWidth = new Divisor(geometry.Spread.Width),
            },
            KernelHeight = geometry.Kernel.Height,
            KernelWidth = geometry.Kernel.Width,
            FirstTap = geometry.IsTurned ? geometry.Kernel.Height * geometry.Kernel.Width - 1 : 0,
            TapStep = geometry.IsTurned ? -1 : 1,
            Terms = geometry.Terms,
            OutputsOfSource = new Divisor(geometry.Outputs),
        };
        _launch = geometry.Spread == 1 ? device.Load<Launch>(Run<Dense>) : device.Load<Launch>(Run<Sparse>);
    }

    public override string Variant => $"{_name} depthwise";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Epilogue epilogue = _scalars.Convolution.Epilogue;
        int next = 1;
        // What is not read is given some tensor, as a kernel needs all its arguments.
        ref readonly Tensor x = ref inputs[0];
        ref readonly Tensor y = ref outputs[0];
        ref readonly Tensor residual = ref inputs[(epilogue & Epilogue.Residual) != 0 ? next++ : 0];
        ref readonly Tensor multiplier = ref inputs[(epilogue & Epilogue.Multiply) != 0 ? next : 0];
        Tensor filter = _weights?.Filter ?? inputs[1];
        Tensor bias = _weights?.Bias ?? inputs[^1];
        Scalars scalars = _scalars;
        scalars.Filter = new Place(filter);
        scalars.Bias = _hasBias ? bias.Offset : -1;
        scalars.Convolution.X = new Place(x);
        scalars.Convolution.Residual = new Place(residual);
        scalars.Convolution.Multiplier = new Place(multiplier);
        scalars.Convolution.Y = new Place(y);
        bool vectors = (_output.Plane & 3) == 0 && IsAligned(y) && (_weights is null || AreAligned(inputs[1..]));
        scalars.Convolution.Vectors = vectors ? 1 : 0;
        int threads = KernelDevice.FewestThreads;
        _launch(Stream, Config(threads, Groups(Groups(_output.Plane, 4), threads), _output.C, _output.N), Floats(x), Floats(filter),
            Floats(bias), Floats(residual), Floats(multiplier), Floats(y), scalars);
    }

    [Kernel(typeof(Dense), Vectors = true), Kernel(typeof(Sparse), Vectors = true)]
    internal static void Run<TPlane>(
        ArrayView<float> x, ArrayView<float> filter, ArrayView<float> bias, ArrayView<float> residual, ArrayView<float> multiplier,
        ArrayView<float> y, Scalars s)
        where TPlane : struct, IPlane
    {
        int pixel = 4 * KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Convolution.Pixels))
            return;
        int channel = Grid.IdxY;
        var a = new Pixel(pixel, s.Convolution);
        var b = new Pixel(pixel + 1, s.Convolution);
        var c = new Pixel(pixel + 2, s.Convolution);
        var d = new Pixel(pixel + 3, s.Convolution);
        Float4 sum = Float4.All(s.Bias < 0 ? 0f : bias[KernelMath.Max(s.Bias, 0) + channel]);
        int source = s.OutputsOfSource.Quotient(channel) * s.Terms;
        for (int term = 0; term < s.Terms; term++)
        {
            int plane = s.Convolution.X.Image(Grid.IdxZ) + (source + term) * s.Convolution.Plane;
            int tap = s.Filter.Image(channel * s.Terms + term) + s.FirstTap;
            for (int u = 0; u < s.KernelHeight; u++)
            {
                int row = u * s.Convolution.DilationHeight;
                for (int v = 0; v < s.KernelWidth; v++)
                {
                    int column = v * s.Convolution.DilationWidth;
                    float first = TPlane.Load(x, plane, a.Row + row, a.Column + column, s.Convolution);
                    float second = TPlane.Load(x, plane, b.Row + row, b.Column + column, s.Convolution);
                    float third = TPlane.Load(x, plane, c.Row + row, c.Column + column, s.Convolution);
                    float fourth = TPlane.Load(x, plane, d.Row + row, d.Column + column, s.Convolution);
                    sum.Add(filter[tap], new Float4(first, second, third, fourth));
                    tap += s.TapStep;
                }
            }
        }
        ConvolutionStore.Store(residual, multiplier, y, Grid.IdxZ, channel, pixel, sum, s.Convolution);
    }

    /// <summary>How the elements of a plane lie.</summary>
    internal interface IPlane
    {
        /// <summary>The element at a row and a column, or zero where there is none.</summary>
        static abstract float Load(ArrayView<float> x, int plane, int row, int column, in ConvolutionScalars s);
    }

    /// <summary>Side by side.</summary>
    internal readonly struct Dense : IPlane
    {
        public static float Load(ArrayView<float> x, int plane, int row, int column, in ConvolutionScalars s) =>
            GlobalMemory.Load(
                x, plane + row * s.Width + column, KernelMath.InRange(row, s.Height) & KernelMath.InRange(column, s.Width));
    }

    /// <summary>Apart by a stride, with zeros between.</summary>
    internal readonly struct Sparse : IPlane
    {
        public static float Load(ArrayView<float> x, int plane, int row, int column, in ConvolutionScalars s)
        {
            int i = s.SpreadHeight.Quotient(KernelMath.Max(row, 0));
            int j = s.SpreadWidth.Quotient(KernelMath.Max(column, 0));
            bool isElement = i * s.SpreadHeight.Value == row & j * s.SpreadWidth.Value == column;
            return GlobalMemory.Load(x, plane + i * s.Width + j, isElement & i < s.Height & j < s.Width);
        }
    }

    /// <summary>Where the first tap of an output lies.</summary>
    private readonly struct Pixel
    {
        public readonly int Row, Column;

        public Pixel(int pixel, in ConvolutionScalars s)
        {
            int row = s.OutWidth.Quotient(pixel);
            Row = row * s.StrideHeight - s.PaddingHeight;
            Column = (pixel - row * s.OutWidth.Value) * s.StrideWidth - s.PaddingWidth;
        }
    }

    /// <summary>Those of a convolution, and what a filter of one channel needs beside.</summary>
    internal struct Scalars
    {
        public ConvolutionScalars Convolution;
        public Place Filter;

        /// <summary>Where the bias starts, or -1 where none is added.</summary>
        public int Bias;

        public int KernelHeight, KernelWidth, FirstTap, TapStep, Terms;
        public Divisor OutputsOfSource;
    }
}
