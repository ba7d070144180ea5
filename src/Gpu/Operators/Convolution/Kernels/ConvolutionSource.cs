using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Where the pixels of a convolution come from: fetches them to registers, then puts them into shared memory.</summary>
internal interface ISource
{
    /// <summary>Finds the place of a thread of a split.</summary>
    void Begin<TBlockTile>(int thread, int firstPixel, int image, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile;

    /// <summary>Asks for what the thread has to know of the step whose first row is <paramref name="k"/>.</summary>
    void Ask<TBlockTile>(ArrayView<Tap> taps, int k)
        where TBlockTile : struct, IBlockTile;

    /// <summary>Tells the others of the split, from <paramref name="offset"/> on.</summary>
    void Tell<TBlockTile>(ArrayView<TapPlace> shared, int offset, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile;

    /// <summary>
    /// Four values of the chunk whose first row is <paramref name="k"/>, of which there is word from <paramref name="offset"/>
    /// on; zero outside of the input.
    /// </summary>
    Float4 Fetch<TBlockTile>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<TapPlace> shared, int offset, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile;

    /// <summary>
    /// Puts what <see cref="Fetch"/> returned into the rows from <paramref name="offset"/> on, <paramref name="pitch"/> apart.
    /// </summary>
    void Put<TBlockTile>(ArrayView<float> shared, int offset, int pitch, Float4 values)
        where TBlockTile : struct, IBlockTile;
}

/// <summary>
/// One pixel a thread and four rows of the inner dimension; neighbouring threads take neighbouring pixels. Taps come through
/// shared memory, a step ahead: no fetch waits for its tap.
/// </summary>
internal struct Gathered<TElement> : ISource
    where TElement : struct, IElement
{
    /// <summary>So far outside that no tap comes back in.</summary>
    public const int Outside = -(1 << 29);

    private int _thread, _origin, _row, _column;
    private Tap _tap;

    public void Begin<TBlockTile>(int thread, int firstPixel, int image, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int pixel = firstPixel + (thread & (TBlockTile.Side - 1));
        int row = s.OutWidth.Quotient(pixel);
        _thread = thread;
        _row = pixel < s.Pixels ? row * s.StrideHeight - s.PaddingHeight : Outside;
        _column = (pixel - row * s.OutWidth.Value) * s.StrideWidth - s.PaddingWidth;
        _origin = TElement.Origin(image, _row, _column, s);
    }

    public void Ask<TBlockTile>(ArrayView<Tap> taps, int k)
        where TBlockTile : struct, IBlockTile => _tap = taps[k + (_thread & (TBlockTile.Depth - 1))];

    public readonly void Tell<TBlockTile>(ArrayView<TapPlace> shared, int offset, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        if (_thread < TBlockTile.Depth)
            shared[offset + _thread] = new(TElement.Distance(_tap, s), _tap.Row, _tap.Column);
    }

    public readonly Float4 Fetch<TBlockTile>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<TapPlace> shared, int offset, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int step = TBlockTile.Threads >> TBlockTile.LogSide;
        offset += _thread >> TBlockTile.LogSide;
        return new(
            Read(x, strip, SharedAccess.Load(shared, offset, 0), s),
            Read(x, strip, SharedAccess.Load(shared, offset, step), s),
            Read(x, strip, SharedAccess.Load(shared, offset, 2 * step), s),
            Read(x, strip, SharedAccess.Load(shared, offset, 3 * step), s));
    }

    public readonly void Put<TBlockTile>(ArrayView<float> shared, int offset, int pitch, Float4 values)
        where TBlockTile : struct, IBlockTile
    {
        // Thread t writes to row t / side, column t % side, then as many rows further down as the group has rows of threads.
        offset += (_thread >> TBlockTile.LogSide) * pitch + (_thread & (TBlockTile.Side - 1));
        int step = (TBlockTile.Threads >> TBlockTile.LogSide) * pitch;
        SharedAccess.Store(shared, offset, 0, values.X);
        SharedAccess.Store(shared, offset, step, values.Y);
        SharedAccess.Store(shared, offset, 2 * step, values.Z);
        SharedAccess.Store(shared, offset, 3 * step, values.W);
    }

    private readonly float Read(ArrayView<float> x, ArrayView<float> strip, TapPlace tap, in ConvolutionScalars s)
    {
        int row = _row + tap.Row;
        int column = _column + tap.Column;
        bool inside = KernelMath.InRange(row, s.Height) & KernelMath.InRange(column, s.Width);
        return TElement.Read(x, strip, inside, _origin, tap.Distance, row, column, s);
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

    public readonly void Ask<TBlockTile>(ArrayView<Tap> taps, int k)
        where TBlockTile : struct, IBlockTile
    {
    }

    public readonly void Tell<TBlockTile>(ArrayView<TapPlace> shared, int offset, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
    }

    public readonly Float4 Fetch<TBlockTile>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<TapPlace> shared, int offset, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        k += _thread >> (TBlockTile.LogSide - 2);
        return _inside && k < s.Inner ? Float4.Load(x, _offset + k * s.Plane) : default;
    }

    public readonly void Put<TBlockTile>(ArrayView<float> shared, int offset, int pitch, Float4 values)
        where TBlockTile : struct, IBlockTile =>
        Float4.Store(shared, offset + (_thread >> (TBlockTile.LogSide - 2)) * pitch + 4 * (_thread & ((TBlockTile.Side >> 2) - 1)), values);
}
