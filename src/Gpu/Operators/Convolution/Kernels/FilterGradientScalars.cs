namespace SpGpu.Gpu.Kernels;

/// <summary>Shapes and places of a <see cref="ConvolutionFilterGradient"/>, as its kernel takes them.</summary>
internal struct FilterGradientScalars
{
    /// <summary>Places of the inputs.</summary>
    public Place Gradient, X;

    /// <summary>Plane of x.</summary>
    public int Height, Width, Plane;

    public int StrideHeight, StrideWidth, PaddingHeight, PaddingWidth, DilationHeight, DilationWidth;

    /// <summary>Rows and columns of the result: output channels, C * kh * kw.</summary>
    public int Outputs, Columns;

    /// <summary>Pixels of the output in all images, and those of a split: whole steps of any block tile.</summary>
    public int Count, SplitLength;

    /// <summary>1 if rows of the result are whole vectors, else 0.</summary>
    public int Vectors;

    /// <summary>
    /// Divide a pixel's number into image and pixel of its plane, that into row and column, a column of the result into
    /// channel and tap, and that into u and v.
    /// </summary>
    public Divisor Pixels, OutWidth, KernelPlane, KernelWidth;
}
