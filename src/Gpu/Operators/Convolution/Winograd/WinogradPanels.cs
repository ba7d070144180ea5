using System.Numerics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Transforms rows of tiles of a few channels side by side, into panels of tiles for the microkernel. A vector holds channels:
/// rows of pixels are transposed once, and then every number of a tile is a whole vector, whatever the dilation.
/// </summary>
/// <typeparam name="TTransform">What becomes of the pixels of a tile.</typeparam>
internal sealed unsafe class WinogradPanels<TTransform> where TTransform : struct, ITileTransform
{
    private const int Side = WinogradTiling.Inputs;

    private readonly Shape _image;
    private readonly WinogradTiling _tiling;
    private readonly Size2D _padding;
    private readonly WorkerBuffers _buffers;
    private readonly int _pixels;
    private readonly int _width;
    private readonly int _rowLength;

    /// <summary>Lays out the transforms.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="image">The shape of the image.</param>
    /// <param name="tiling">The tiles.</param>
    /// <param name="padding">How far before the image the first tile begins.</param>
    /// <param name="width">The most channels of a group: the width of a panel.</param>
    public WinogradPanels(Team team, Shape image, WinogradTiling tiling, Size2D padding, int width)
    {
        (_image, _tiling, _padding, _width) = (image, tiling, padding, width);
        int dilation = tiling.Dilation.Width;
        int ofTiles = dilation * (WinogradTiling.Outputs * tiling.TilesAcross + TTransform.Taps - WinogradTiling.Outputs);
        _pixels = Math.Max(ofTiles, padding.Width + image.W);
        // The last vector of a pixel may reach beyond its channels.
        _rowLength = checked(_pixels * width + Vector<float>.Count);
        _buffers = new WorkerBuffers(team, checked((TTransform.Taps + Side) * _rowLength));
    }

    /// <summary>Transforms rows of tiles [first, last) of an image.</summary>
    /// <param name="source">The first channel of the image.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="first">The first row of tiles.</param>
    /// <param name="last">One beyond the last.</param>
    /// <param name="target">The panel of the first of the 36 numbers: for each tile the channels.</param>
    /// <param name="numberStride">From one of the 36 numbers to the next.</param>
    /// <param name="worker">Whose buffers are used.</param>
    public void Run(float* source, int channels, int first, int last, float* target, long numberStride, int worker)
    {
        float* rows = _buffers[worker];
        float* down = rows + TTransform.Taps * _rowLength;
        int shared = TTransform.Taps - WinogradTiling.Outputs;
        for (int row = first; row < last; row++)
        {
            for (int i = row > first && _tiling.Continues(row) ? shared : 0; i < TTransform.Taps; i++)
                Fill(source, channels, _tiling.ImageRow(row, i) - _padding.Height, rows + SlotOf(row, i) * _rowLength);
            TransformDown(rows, row, down);
            TransformAcross(down, target, numberStride);
            target += _tiling.TilesOfRow * _width;
        }
    }

    /// <summary>Rows that two rows of tiles share keep their place.</summary>
    private static int SlotOf(int row, int i) => (WinogradTiling.Outputs * row + i) % TTransform.Taps;

    /// <summary>A row of pixels between its paddings: for each pixel the channels.</summary>
    private void Fill(float* source, int channels, int y, float* target)
    {
        if (y < 0 || y >= _image.H)
        {
            new Span<float>(target, _rowLength).Clear();
            return;
        }
        int before = _padding.Width * _width;
        int end = before + _image.W * _width;
        new Span<float>(target, before).Clear();
        Transposition.Run(source + (long)y * _image.W, _image.Plane, channels, _image.W, target + before, _width);
        new Span<float>(target + end, _rowLength - end).Clear();
    }

    private void TransformDown(float* rows, int row, float* target)
    {
        float* r0 = rows + SlotOf(row, 0) * _rowLength, r1 = rows + SlotOf(row, 1) * _rowLength;
        float* r2 = rows + SlotOf(row, 2) * _rowLength, r3 = rows + SlotOf(row, 3) * _rowLength;
        float* r4 = rows + SlotOf(row, 4) * _rowLength, r5 = rows + SlotOf(row, 5) * _rowLength;
        for (int j = 0; j < _pixels * _width; j += Vector<float>.Count)
        {
            Vector<float> x0 = Vector.Load(r0 + j), x1 = Vector.Load(r1 + j), x2 = Vector.Load(r2 + j), x3 = Vector.Load(r3 + j);
            Vector<float> x4 = default, x5 = default;
            if (TTransform.Taps == Side)
                (x4, x5) = (Vector.Load(r4 + j), Vector.Load(r5 + j));
            TTransform.Apply(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5);
            x0.Store(target + j);
            x1.Store(target + _rowLength + j);
            x2.Store(target + 2 * _rowLength + j);
            x3.Store(target + 3 * _rowLength + j);
            x4.Store(target + 4 * _rowLength + j);
            x5.Store(target + 5 * _rowLength + j);
        }
    }

    private void TransformAcross(float* rows, float* target, long numberStride)
    {
        int dilation = _tiling.Dilation.Width;
        int step = dilation * _width;
        for (int column = 0; column < _tiling.TilesAcross; column++)
        {
            for (int i = 0; i < dilation; i++, target += _width)
            {
                float* pixel = rows + (WinogradTiling.Outputs * dilation * column + i) * _width;
                float* to = target;
                for (int row = 0; row < Side; row++, pixel += _rowLength, to += Side * numberStride)
                {
                    for (int c = 0; c < _width; c += Vector<float>.Count)
                        Across(pixel + c, step, to + c, numberStride);
                }
            }
        }
    }

    private static void Across(float* pixel, int step, float* target, long numberStride)
    {
        Vector<float> x0 = Vector.Load(pixel), x1 = Vector.Load(pixel + step);
        Vector<float> x2 = Vector.Load(pixel + 2 * step), x3 = Vector.Load(pixel + 3 * step);
        Vector<float> x4 = default, x5 = default;
        if (TTransform.Taps == Side)
            (x4, x5) = (Vector.Load(pixel + 4 * step), Vector.Load(pixel + 5 * step));
        TTransform.Apply(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5);
        x0.Store(target);
        x1.Store(target + numberStride);
        x2.Store(target + 2 * numberStride);
        x3.Store(target + 3 * numberStride);
        x4.Store(target + 4 * numberStride);
        x5.Store(target + 5 * numberStride);
    }
}
