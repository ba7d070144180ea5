namespace SpGpu.Gpu.Kernels;

/// <summary>Shapes, places and options of a convolution, as its kernels take them.</summary>
internal struct ConvolutionScalars
{
    /// <summary>Places of the inputs (of the column where the input is expanded), and of the output.</summary>
    public Place X, Strip, Residual, Multiplier, Y;

    /// <summary>Input plane; <see cref="Spread"/> has the height and the width after spreading.</summary>
    public int Height, Width, Plane;

    public int StrideHeight, StrideWidth, PaddingHeight, PaddingWidth;

    /// <summary>Output channels, output pixels and the inner dimension, C * kh * kw.</summary>
    public int Outputs, Pixels, Inner;

    /// <summary>How many rows of the inner dimension a group sums up, how many such parts there are, and the images of each.</summary>
    public int PartLength, Parts;
    public Divisor Images;

    /// <summary>Where the inner dimension runs over taps: divides it by the channels, taps by kw; and the dilation.</summary>
    public Divisor Channels, KernelWidth;
    public int DilationHeight, DilationWidth;

    /// <summary>Floats of a row of the packed weights, and where the bias starts, or -1 where none is added.</summary>
    public int PackedRow, BiasOffset;

    /// <summary>What happens on store.</summary>
    public Epilogue Epilogue;

    /// <summary>1 if what is stored, and what is read for it, is aligned to vectors, else 0.</summary>
    public int Vectors;

    /// <summary>Divides a pixel number into row and column.</summary>
    public Divisor OutWidth;

    /// <summary>For <see cref="Spread"/>: rows and columns from one element to the next, and elements of a row.</summary>
    public Divisor SpreadHeight, SpreadWidth;
    public int SpreadPitch;

    /// <summary>The scalars of a convolution, but for places and alignment.</summary>
    public static ConvolutionScalars Of(Convolution convolution, Shape source, Shape output, ConvolutionLayout layout) => new()
    {
        Height = source.H,
        Width = source.W,
        Plane = source.Plane,
        StrideHeight = convolution.Stride.Height,
        StrideWidth = convolution.Stride.Width,
        PaddingHeight = convolution.Padding.Height,
        PaddingWidth = convolution.Padding.Width,
        Outputs = layout.Outputs,
        Pixels = output.Plane,
        Inner = layout.Inner,
        Channels = new Divisor(convolution.InChannels),
        KernelWidth = new Divisor(convolution.Kernel.Width),
        DilationHeight = convolution.Dilation.Height,
        DilationWidth = convolution.Dilation.Width,
        PackedRow = layout.Row,
        BiasOffset = layout.BiasOffset,
        Epilogue = convolution.Epilogue,
        OutWidth = new Divisor(output.W),
    };

    /// <summary>
    /// The scalars of the gradient of a convolution by its input, but for places and alignment: again a convolution, of
    /// dy whose elements a stride spreads, with the filter turned by half a turn and its channels exchanged.
    /// </summary>
    public static ConvolutionScalars OfInputGradient(
        Convolution convolution, Shape gradient, Shape output, ConvolutionLayout layout) => new()
        {
            Height = (gradient.H - 1) * convolution.Stride.Height + 1,
            Width = (gradient.W - 1) * convolution.Stride.Width + 1,
            Plane = gradient.Plane,
            StrideHeight = 1,
            StrideWidth = 1,
            // Negative where the forward padding is wider than the kernel.
            PaddingHeight = convolution.Dilation.Height * (convolution.Kernel.Height - 1) - convolution.Padding.Height,
            PaddingWidth = convolution.Dilation.Width * (convolution.Kernel.Width - 1) - convolution.Padding.Width,
            Outputs = layout.Outputs,
            Pixels = output.Plane,
            Inner = layout.Inner,
            Channels = new Divisor(gradient.C),
            KernelWidth = new Divisor(convolution.Kernel.Width),
            DilationHeight = convolution.Dilation.Height,
            DilationWidth = convolution.Dilation.Width,
            PackedRow = layout.Row,
            BiasOffset = layout.BiasOffset,
            OutWidth = new Divisor(output.W),
            SpreadHeight = new Divisor(convolution.Stride.Height),
            SpreadWidth = new Divisor(convolution.Stride.Width),
            SpreadPitch = gradient.W,
        };
}
