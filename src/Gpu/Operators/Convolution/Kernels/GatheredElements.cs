using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>A tap as the threads of a group tell each other.</summary>
internal readonly record struct TapPlace(int Distance, int Row, int Column, int Unused = 0)
{
    /// <summary>The floats that take as much memory.</summary>
    public const int Floats = 4;
}

/// <summary>Reads one value of a gathered input.</summary>
internal interface IElement
{
    /// <summary>What the places of an image, and of an output pixel's first tap, have in common.</summary>
    static abstract int Origin(int image, int row, int column, in ConvolutionScalars s);

    /// <summary>What is to be known of a tap's place but row and column.</summary>
    static abstract int Distance(Tap tap, in ConvolutionScalars s);

    /// <summary>The value at a place, given its row and column; zero where it is not inside of the input.</summary>
    static abstract float Read(
        ArrayView<float> x, ArrayView<float> strip, bool inside, int origin, int distance, int row, int column,
        in ConvolutionScalars s);
}

/// <summary>An element of x.</summary>
internal readonly struct Direct : IElement
{
    public static int Origin(int image, int row, int column, in ConvolutionScalars s) => s.X.Image(image) + row * s.Width + column;

    public static int Distance(Tap tap, in ConvolutionScalars s) => tap.Channel * s.Plane + tap.Row * s.Width + tap.Column;

    public static float Read(
        ArrayView<float> x, ArrayView<float> strip, bool inside, int origin, int distance, int row, int column,
        in ConvolutionScalars s) =>
        GlobalMemory.Load(x, origin, distance, inside);
}

/// <summary>An element of relu(expand(a) + expand(b)), a N,C,H,1, b N,C,1,W.</summary>
internal readonly struct Expanded : IElement
{
    public static int Origin(int image, int row, int column, in ConvolutionScalars s) => image;

    public static int Distance(Tap tap, in ConvolutionScalars s) => tap.Channel;

    public static float Read(
        ArrayView<float> x, ArrayView<float> strip, bool inside, int origin, int distance, int row, int column,
        in ConvolutionScalars s) =>
        KernelMath.Relu(GlobalMemory.Load(x, s.X.Image(origin), distance * s.Height + row, inside)
            + GlobalMemory.Load(strip, s.Strip.Image(origin), distance * s.Width + column, inside));
}

/// <summary>An element of x after a stride has spread its elements over a plane that is zero elsewhere.</summary>
internal readonly struct Spread : IElement
{
    public static int Origin(int image, int row, int column, in ConvolutionScalars s) => s.X.Image(image);

    public static int Distance(Tap tap, in ConvolutionScalars s) => tap.Channel * s.Plane;

    public static float Read(
        ArrayView<float> x, ArrayView<float> strip, bool inside, int origin, int distance, int row, int column,
        in ConvolutionScalars s)
    {
        int h = s.SpreadHeight.Quotient(row);
        int w = s.SpreadWidth.Quotient(column);
        bool wanted = inside & h * s.SpreadHeight.Value == row & w * s.SpreadWidth.Value == column;
        return GlobalMemory.Load(x, origin, distance + h * s.SpreadPitch + w, wanted);
    }
}
