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

/// <summary>The columns of the gradient, (c * kh + u) * kw + v.</summary>
internal static class GradientColumn
{
    /// <summary>Finds the tap of column <paramref name="index"/>: its distance is from the first tap of the first channel.</summary>
    public static TapPlace At(int index, in FilterGradientScalars s)
    {
        int channel = s.KernelPlane.Quotient(index);
        int tap = index - channel * s.KernelPlane.Value;
        int u = s.KernelWidth.Quotient(tap);
        int row = u * s.DilationHeight;
        int column = (tap - u * s.KernelWidth.Value) * s.DilationWidth;
        return new(channel * s.Plane + row * s.Width + column, index < s.Columns ? row : Gathered<Direct>.Outside, column);
    }

    /// <summary>The element of x that a tap meets at a pixel; zero outside.</summary>
    public static float Read(ArrayView<float> x, GradientPixel pixel, TapPlace tap, in FilterGradientScalars s) =>
        GlobalMemory.Load(x, pixel.Start, tap.Distance,
            KernelMath.InRange(pixel.Row + tap.Row, s.Height) & KernelMath.InRange(pixel.Column + tap.Column, s.Width));
}
