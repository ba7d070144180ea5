using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// What a thread of <see cref="TiledConvolutionKernel"/> brings for the next step of its split: from memory to registers, and
/// from there to shared memory.
/// </summary>
internal struct ConvolutionStep<TBlockTile, TSource>
    where TBlockTile : struct, IBlockTile
    where TSource : struct, ISource
{
    private TSource _source;
    private Float4 _weights, _moreWeights, _pixels, _morePixels;
    private int _weight, _put;

    /// <summary>Asks for the step whose first row is <paramref name="k"/>.</summary>
    public void Begin(
        ArrayView<Tap> taps, int thread, int firstPixel, int firstOutput, int image, int k, int pitch, in ConvolutionScalars s)
    {
        int row = thread >> (TBlockTile.LogSide - 2);
        int column = 4 * (thread & ((TBlockTile.Side >> 2) - 1));
        _put = row * pitch + column;
        column += firstOutput;
        // Channels that are not there get the weights of one that is, and are not stored.
        _weight = (k + row) * s.PackedRow + (column < s.PackedRow ? column : 0);
        _source = default;
        _source.Begin<TBlockTile>(thread, firstPixel, image, s);
        _source.Ask<TBlockTile>(taps, k);
    }

    /// <summary>Tells the split what was asked for.</summary>
    public readonly void Tell(ArrayView<TapPlace> places, int offset, in ConvolutionScalars s) =>
        _source.Tell<TBlockTile>(places, offset, s);

    /// <summary>Fetches the step at <paramref name="k"/>, and asks for the one at <paramref name="next"/>.</summary>
    public void Fetch(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<float> packed, ArrayView<Tap> taps, ArrayView<TapPlace> places,
        int offset, int k, int next, in ConvolutionScalars s)
    {
        _weights = GlobalMemory.Load4(packed, _weight, true);
        _pixels = _source.Fetch<TBlockTile>(x, strip, places, offset, k, s);
        if (TBlockTile.Chunks == 2)
        {
            int half = TBlockTile.Depth >> 1;
            _moreWeights = GlobalMemory.Load4(packed, _weight + half * s.PackedRow, true);
            _morePixels = _source.Fetch<TBlockTile>(x, strip, places, offset + half, k + half, s);
        }
        _weight += TBlockTile.Splits * TBlockTile.Depth * s.PackedRow;
        _source.Ask<TBlockTile>(taps, next);
    }

    /// <summary>Puts what was fetched into the rows from <paramref name="fill"/> on, <paramref name="pitch"/> apart.</summary>
    public readonly void Put(ArrayView<float> weights, ArrayView<float> pixels, int fill, int pitch)
    {
        Float4.Store(weights, fill + _put, _weights);
        _source.Put<TBlockTile>(pixels, fill, pitch, _pixels);
        if (TBlockTile.Chunks == 2)
        {
            fill += (TBlockTile.Depth >> 1) * pitch;
            Float4.Store(weights, fill + _put, _moreWeights);
            _source.Put<TBlockTile>(pixels, fill, pitch, _morePixels);
        }
    }
}
