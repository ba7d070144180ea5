namespace SpGpu.Gpu.Kernels;

/// <summary>Shapes, places and options of a convolution, as its kernels take them.</summary>
internal struct ConvolutionScalars
{
    /// <summary>Places of the inputs (of the column where the input is expanded), and of the output.</summary>
    public Place X, Strip, Residual, Multiplier, Y;

    /// <summary>Input plane.</summary>
    public int Height, Width, Plane;

    public int StrideHeight, StrideWidth, PaddingHeight, PaddingWidth;

    /// <summary>Output channels, output pixels and the inner dimension, C * kh * kw.</summary>
    public int Outputs, Pixels, Inner;

    /// <summary>Floats of a row of the packed weights, and where the bias starts.</summary>
    public int PackedRow, BiasOffset;

    /// <summary>What happens on store.</summary>
    public Epilogue Epilogue;

    /// <summary>1 if what is stored, and what is read for it, is aligned to vectors, else 0.</summary>
    public int Vectors;

    /// <summary>Divides a pixel number into row and column.</summary>
    public Divisor OutWidth;
}
