using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Where a pixel of the output meets the inputs of <see cref="TiledFilterGradientKernel"/>.</summary>
/// <param name="IsInside">Whether there is such a pixel.</param>
/// <param name="Gradient">The pixel in the first channel of dy.</param>
/// <param name="Start">The first tap's element of the first channel of x, which may lie outside of it.</param>
/// <param name="Row">The row of that element; far outside if there is no such pixel.</param>
/// <param name="Column">Its column.</param>
internal readonly record struct GradientPixel(bool IsInside, int Gradient, int Start, int Row, int Column)
{
    /// <summary>Finds pixel <paramref name="index"/>, counted over the images.</summary>
    public static GradientPixel At(int index, in FilterGradientScalars s)
    {
        int image = s.Pixels.Quotient(index);
        int pixel = index - image * s.Pixels.Value;
        int row = s.OutWidth.Quotient(pixel);
        int column = (pixel - row * s.OutWidth.Value) * s.StrideWidth - s.PaddingWidth;
        bool inside = index < s.Count;
        row = row * s.StrideHeight - s.PaddingHeight;
        return new(inside, s.Gradient.Image(image) + pixel, s.X.Image(image) + row * s.Width + column,
            inside ? row : Gathered<Direct>.Outside, column);
    }
}

/// <summary>One column of the gradient: a tap of a channel, as distances from the first tap of the first channel.</summary>
internal struct GradientColumn
{
    private int _offset, _row, _column;

    /// <summary>Finds column <paramref name="index"/>, (c * kh + u) * kw + v.</summary>
    public static GradientColumn At(int index, in FilterGradientScalars s)
    {
        int channel = s.KernelPlane.Quotient(index);
        int tap = index - channel * s.KernelPlane.Value;
        int u = s.KernelWidth.Quotient(tap);
        int row = u * s.DilationHeight;
        int column = (tap - u * s.KernelWidth.Value) * s.DilationWidth;
        return new GradientColumn
        {
            _offset = channel * s.Plane + row * s.Width + column,
            _row = index < s.Columns ? row : Gathered<Direct>.Outside,
            _column = column,
        };
    }

    /// <summary>The element of x; zero outside.</summary>
    public readonly float Read(ArrayView<float> x, GradientPixel pixel, in FilterGradientScalars s) =>
        KernelMath.InRange(pixel.Row + _row, s.Height) && KernelMath.InRange(pixel.Column + _column, s.Width)
            ? x[pixel.Start + _offset]
            : 0f;
}

/// <summary>The four columns that a thread fetches of a chunk.</summary>
internal struct GradientColumns
{
    private GradientColumn _column0, _column1, _column2, _column3;

    /// <summary>Finds four columns that lie <paramref name="step"/> apart.</summary>
    public static GradientColumns At(int first, int step, in FilterGradientScalars s) => new()
    {
        _column0 = GradientColumn.At(first, s),
        _column1 = GradientColumn.At(first + step, s),
        _column2 = GradientColumn.At(first + 2 * step, s),
        _column3 = GradientColumn.At(first + 3 * step, s),
    };

    /// <summary>Their elements at a pixel.</summary>
    public readonly Float4 Fetch(ArrayView<float> x, GradientPixel pixel, in FilterGradientScalars s) => new(
        _column0.Read(x, pixel, s), _column1.Read(x, pixel, s), _column2.Read(x, pixel, s), _column3.Read(x, pixel, s));
}
