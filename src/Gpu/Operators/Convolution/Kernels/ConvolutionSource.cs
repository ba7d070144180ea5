using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Where the pixels of a convolution come from: fetches them to registers, then puts them into shared memory.</summary>
internal interface ISource
{
    /// <summary>Finds the place of a thread of a split.</summary>
    void Begin<TBlockTile>(int thread, int firstPixel, int image, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile;

    /// <summary>Four values of the chunk whose first row is <paramref name="k"/>; zero outside of the input.</summary>
    Float4 Fetch<TBlockTile>(ArrayView<float> x, ArrayView<float> strip, ArrayView<Tap> taps, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile;

    /// <summary>
    /// Puts what <see cref="Fetch"/> returned into the rows from <paramref name="offset"/> on, <paramref name="pitch"/> apart.
    /// </summary>
    void Put<TBlockTile>(ArrayView<float> shared, int offset, int pitch, Float4 values)
        where TBlockTile : struct, IBlockTile;
}

/// <summary>Reads one value of a gathered input.</summary>
internal interface IElement
{
    static abstract float Read(
        ArrayView<float> x, ArrayView<float> strip, int image, int channel, int row, int column, in ConvolutionScalars s);
}

/// <summary>
/// One pixel a thread and four rows of the inner dimension; neighbouring threads take neighbouring pixels.
/// </summary>
internal struct Gathered<TElement> : ISource
    where TElement : struct, IElement
{
    /// <summary>So far outside that no tap comes back in.</summary>
    public const int Outside = -(1 << 29);

    private int _thread, _image, _row, _column;

    public void Begin<TBlockTile>(int thread, int firstPixel, int image, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int pixel = firstPixel + (thread & (TBlockTile.Side - 1));
        int row = s.OutWidth.Quotient(pixel);
        _thread = thread;
        _image = image;
        _row = pixel < s.Pixels ? row * s.StrideHeight - s.PaddingHeight : Outside;
        _column = (pixel - row * s.OutWidth.Value) * s.StrideWidth - s.PaddingWidth;
    }

    public readonly Float4 Fetch<TBlockTile>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<Tap> taps, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int step = TBlockTile.Threads >> TBlockTile.LogSide;
        k += _thread >> TBlockTile.LogSide;
        return new(
            Read(x, strip, taps[k], s),
            Read(x, strip, taps[k + step], s),
            Read(x, strip, taps[k + 2 * step], s),
            Read(x, strip, taps[k + 3 * step], s));
    }

    public readonly void Put<TBlockTile>(ArrayView<float> shared, int offset, int pitch, Float4 values)
        where TBlockTile : struct, IBlockTile
    {
        // Thread t writes to row t / side, column t % side, then as many rows further down as the group has rows of threads.
        offset += (_thread >> TBlockTile.LogSide) * pitch + (_thread & (TBlockTile.Side - 1));
        int step = (TBlockTile.Threads >> TBlockTile.LogSide) * pitch;
        shared[offset] = values.X;
        shared[offset + step] = values.Y;
        shared[offset + 2 * step] = values.Z;
        shared[offset + 3 * step] = values.W;
    }

    private readonly float Read(ArrayView<float> x, ArrayView<float> strip, Tap tap, in ConvolutionScalars s)
    {
        int row = _row + tap.Row;
        int column = _column + tap.Column;
        return KernelMath.InRange(row, s.Height) && KernelMath.InRange(column, s.Width)
            ? TElement.Read(x, strip, _image, tap.Channel, row, column, s)
            : 0f;
    }
}

/// <summary>An element of x.</summary>
internal readonly struct Direct : IElement
{
    public static float Read(
        ArrayView<float> x, ArrayView<float> strip, int image, int channel, int row, int column, in ConvolutionScalars s) =>
        x[s.X.Image(image) + channel * s.Plane + row * s.Width + column];
}

/// <summary>An element of relu(expand(a) + expand(b)), a N,C,H,1, b N,C,1,W.</summary>
internal readonly struct Expanded : IElement
{
    public static float Read(
        ArrayView<float> x, ArrayView<float> strip, int image, int channel, int row, int column, in ConvolutionScalars s) =>
        KernelMath.Relu(x[s.X.Image(image) + channel * s.Height + row] + strip[s.Strip.Image(image) + channel * s.Width + column]);
}

/// <summary>An element of x after a stride has spread its elements over a plane that is zero elsewhere.</summary>
internal readonly struct Spread : IElement
{
    public static float Read(
        ArrayView<float> x, ArrayView<float> strip, int image, int channel, int row, int column, in ConvolutionScalars s)
    {
        int h = s.SpreadHeight.Quotient(row);
        int w = s.SpreadWidth.Quotient(column);
        return h * s.SpreadHeight.Value == row && w * s.SpreadWidth.Value == column
            ? x[s.X.Image(image) + channel * s.Plane + h * s.SpreadPitch + w]
            : 0f;
    }
}

/// <summary>
/// Four neighbouring pixels a thread, one row: for 1x1 kernels of stride 1 whose planes are aligned vectors.
/// </summary>
internal struct Plane : ISource
{
    private int _thread, _offset;
    private bool _inside;

    public void Begin<TBlockTile>(int thread, int firstPixel, int image, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int pixel = firstPixel + 4 * (thread & ((TBlockTile.Side >> 2) - 1));
        _thread = thread;
        _offset = s.X.Image(image) + pixel;
        _inside = pixel < s.Pixels;
    }

    public readonly Float4 Fetch<TBlockTile>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<Tap> taps, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        k += _thread >> (TBlockTile.LogSide - 2);
        return _inside && k < s.Inner ? Float4.Load(x, _offset + k * s.Plane) : default;
    }

    public readonly void Put<TBlockTile>(ArrayView<float> shared, int offset, int pitch, Float4 values)
        where TBlockTile : struct, IBlockTile =>
        Float4.Store(shared, offset + (_thread >> (TBlockTile.LogSide - 2)) * pitch + 4 * (_thread & ((TBlockTile.Side >> 2) - 1)), values);
}
