using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Where the pixels of a convolution come from that are copied to shared memory as they are. The inner dimension runs over
/// taps, and for each tap over channels, whose number a step divides.
/// </summary>
internal interface ICopiedSource
{
    /// <summary>Finds the place of a thread at row <paramref name="k"/> of the inner dimension, with which a step starts.</summary>
    void Begin<TBlockTile>(int thread, int firstPixel, int image, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile;

    /// <summary>Starts to copy the thread's part of the step, and goes on to the next.</summary>
    void Copy<TBlockTile>(ArrayView<float> x, ArrayView<float> shared, int offset, int pitch, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile;
}

/// <summary>One pixel a thread, and four or eight channels.</summary>
internal struct CopiedPixels : ICopiedSource
{
    private int _thread, _image, _row, _column, _tap, _channel, _at;
    private bool _inside;

    public void Begin<TBlockTile>(int thread, int firstPixel, int image, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int pixel = firstPixel + (thread & (TBlockTile.Side - 1));
        int row = s.OutWidth.Quotient(pixel);
        _thread = thread;
        _image = s.X.Image(image);
        _row = pixel < s.Pixels ? row * s.StrideHeight - s.PaddingHeight : Gathered<Direct>.Outside;
        _column = (pixel - row * s.OutWidth.Value) * s.StrideWidth - s.PaddingWidth;
        _tap = s.Channels.Quotient(k);
        _channel = k - _tap * s.Channels.Value;
        Find<TBlockTile>(s);
    }

    public void Copy<TBlockTile>(ArrayView<float> x, ArrayView<float> shared, int offset, int pitch, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        if (_channel == s.Channels.Value)
        {
            _channel = 0;
            _tap++;
            Find<TBlockTile>(s);
        }
        _channel += TBlockTile.Depth;
        offset += (_thread >> TBlockTile.LogSide) * pitch + (_thread & (TBlockTile.Side - 1));
        CopyChunk<TBlockTile>(x, shared, offset, pitch, s);
        if (TBlockTile.Chunks == 2)
            CopyChunk<TBlockTile>(x, shared, offset + 4 * pitch, pitch, s);
    }

    private void CopyChunk<TBlockTile>(ArrayView<float> x, ArrayView<float> shared, int offset, int pitch, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int step = TBlockTile.Threads >> TBlockTile.LogSide;
        int next = _inside ? step * s.Plane : 0;
        int bytes = _inside ? 4 : 0;
        TensorInstructions.Copy(ref shared[offset], ref x[_at], bytes);
        TensorInstructions.Copy(ref shared[offset + step * pitch], ref x[_at + next], bytes);
        TensorInstructions.Copy(ref shared[offset + 2 * step * pitch], ref x[_at + 2 * next], bytes);
        TensorInstructions.Copy(ref shared[offset + 3 * step * pitch], ref x[_at + 3 * next], bytes);
        _at += 4 * next;
    }

    /// <summary>Where the pixel's tap lies in the first of the thread's channels.</summary>
    private void Find<TBlockTile>(in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int u = s.KernelWidth.Quotient(_tap);
        int row = _row + u * s.DilationHeight;
        int column = _column + (_tap - u * s.KernelWidth.Value) * s.DilationWidth;
        _inside = KernelMath.InRange(row, s.Height) && KernelMath.InRange(column, s.Width);
        _at = _inside ? _image + (_channel + (_thread >> TBlockTile.LogSide)) * s.Plane + row * s.Width + column : 0;
    }
}

/// <summary>Four neighbouring pixels a thread, one channel or two: see <see cref="Plane"/>.</summary>
internal struct CopiedPlane : ICopiedSource
{
    private int _thread, _at;
    private bool _inside;

    public void Begin<TBlockTile>(int thread, int firstPixel, int image, int k, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int pixel = firstPixel + 4 * (thread & ((TBlockTile.Side >> 2) - 1));
        _thread = thread;
        _inside = pixel < s.Pixels;
        _at = _inside ? s.X.Image(image) + (k + (thread >> (TBlockTile.LogSide - 2))) * s.Plane + pixel : 0;
    }

    public void Copy<TBlockTile>(ArrayView<float> x, ArrayView<float> shared, int offset, int pitch, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int next = _inside ? s.Plane : 0;
        int bytes = _inside ? 16 : 0;
        offset += (_thread >> (TBlockTile.LogSide - 2)) * pitch + 4 * (_thread & ((TBlockTile.Side >> 2) - 1));
        TensorInstructions.Copy(ref shared.Cast<Float4>()[offset >> 2], ref x.Cast<Float4>()[_at >> 2], bytes);
        if (TBlockTile.Chunks == 2)
        {
            TensorInstructions.Copy(
                ref shared.Cast<Float4>()[(offset + 4 * pitch) >> 2], ref x.Cast<Float4>()[(_at + 4 * next) >> 2], bytes);
        }
        _at += TBlockTile.Depth * next;
    }
}
