using System.Numerics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Transforms the inputs under tiles into panels for the microkernel. Rows of a few channels are transformed across, then all of
/// them down: so six places are written at a time and not 36, which are more than a processor fetches ahead.
/// </summary>
internal sealed unsafe class WinogradInput
{
    private const int Side = WinogradTiling.Inputs;
    private const int Step = WinogradTiling.Outputs;

    /// <summary>Elements that lie between both transforms, 12 KB, unless one channel has more.</summary>
    private const int RowsLength = 3072;

    /// <summary>Channels of a panel lie side by side: so many are runs of 1 KB with 512 bits, of 512 bytes with 256.</summary>
    private const int MostChannels = 8;

    private readonly Convolution _convolution;
    private readonly Shape _input;
    private readonly WinogradTiling _tiling;
    private readonly WorkerBuffers _buffers;
    private readonly int _lineLength;
    private readonly int _numberStride;
    private readonly int _rowStride;
    private readonly int _channelStride;

    public WinogradInput(Team team, Convolution convolution, Shape input, WinogradTiling tiling)
    {
        (_convolution, _input, _tiling) = (convolution, input, tiling);
        // One tile more than there is: its first two numbers are the last two of the one before.
        _lineLength = Math.Max(Step * tiling.Dilation.Width * (tiling.TilesAcross + 1), convolution.Padding.Width + input.W);
        _numberStride = tiling.RowLength + tiling.Dilation.Width + Vector<float>.Count;
        _rowStride = Side * tiling.RowLength;
        _channelStride = Side * _rowStride;
        Channels = Math.Clamp(RowsLength / _channelStride, 1, MostChannels);
        _buffers = new WorkerBuffers(team, checked(_lineLength + Step * _numberStride + Channels * _channelStride));
    }

    /// <summary>The most channels at a time.</summary>
    public int Channels { get; }

    /// <summary>Transforms <paramref name="channels"/> channels under the rows of tiles [firstRow, lastRow).</summary>
    /// <param name="operands">The source, with expand-add-relu its columns and rows.</param>
    /// <param name="n">The image.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="channels">How many there are, at most <see cref="Channels"/>.</param>
    /// <param name="firstRow">The first row of tiles.</param>
    /// <param name="lastRow">One beyond the last.</param>
    /// <param name="target">The first channel in the first panel of the first of the 36 numbers.</param>
    /// <param name="panelStride">From panel to panel.</param>
    /// <param name="numberStride">From one of the 36 numbers to the next.</param>
    /// <param name="worker">Whose buffers are used.</param>
    public void Run(
        in ConvolutionOperands operands, int n, int channel, int channels, int firstRow, int lastRow, float* target, long panelStride,
        long numberStride, int worker)
    {
        float* line = _buffers[worker];
        float* rows = line + _lineLength + Step * _numberStride;
        for (int row = firstRow; row < lastRow; row++)
        {
            int known = row > firstRow && _tiling.Continues(row) ? Side - Step : 0;
            for (int c = 0; c < channels; c++)
            {
                float* source = operands.Source.Plane(n, channel + c);
                float* rowSource = _convolution.ExpandAddRelu ? operands.RowSource.Plane(n, channel + c) : null;
                for (int i = known; i < Side; i++)
                {
                    int y = _tiling.ImageRow(row, i) - _convolution.Padding.Height;
                    float* transformed = rows + c * _channelStride + SlotOf(row, i) * _rowStride;
                    if (y < 0 || y >= _input.H)
                        new Span<float>(transformed, _rowStride).Clear();
                    else
                    {
                        FillLine(source, rowSource, y, line);
                        TransformRow(line, line + _lineLength, transformed);
                    }
                }
            }
            TransformColumns(rows, channels, row, (row - firstRow) * _tiling.RowLength, target, panelStride, numberStride);
        }
    }

    /// <summary>Rows that two rows of tiles share keep their place.</summary>
    private static int SlotOf(int row, int i) => (Step * row + i) % Side;

    /// <summary>A source row between its paddings.</summary>
    private void FillLine(float* source, float* rowSource, int y, float* line)
    {
        int padding = _convolution.Padding.Width;
        new Span<float>(line, padding).Clear();
        float* target = line + padding;
        if (_convolution.ExpandAddRelu)
        {
            var column = new Vector<float>(source[y]);
            for (int x = 0; x < _input.W; x += Vector<float>.Count)
                SimdMath.Store(SimdMath.Relu(column + SimdMath.Load(rowSource + x, _input.W - x)), target + x, _input.W - x);
        }
        else
            new ReadOnlySpan<float>(source + (long)y * _input.W, _input.W).CopyTo(new Span<float>(target, _input.W));
        new Span<float>(target + _input.W, _lineLength - padding - _input.W).Clear();
    }

    private void TransformRow(float* line, float* numbers, float* target)
    {
        int dilation = _tiling.Dilation.Width;
        int length = _tiling.RowLength;
        WinogradLines.Split(line, dilation, _tiling.TilesAcross + 1, numbers, _numberStride);
        for (int t = 0; t < length; t += Vector<float>.Count)
        {
            float* first = numbers + t;
            float* second = first + _numberStride;
            Vector<float> x0 = Vector.Load(first), x1 = Vector.Load(second);
            Vector<float> x2 = Vector.Load(second + _numberStride), x3 = Vector.Load(second + 2 * _numberStride);
            Vector<float> x4 = Vector.Load(first + dilation), x5 = Vector.Load(second + dilation);
            WinogradTransform.Input(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5);
            x0.Store(target + t);
            x1.Store(target + length + t);
            x2.Store(target + 2 * length + t);
            x3.Store(target + 3 * length + t);
            x4.Store(target + 4 * length + t);
            x5.Store(target + 5 * length + t);
        }
    }

    private void TransformColumns(
        float* rows, int channels, int row, int firstTile, float* target, long panelStride, long numberStride)
    {
        long down = Side * numberStride;
        int slot0 = SlotOf(row, 0) * _rowStride, slot1 = SlotOf(row, 1) * _rowStride, slot2 = SlotOf(row, 2) * _rowStride;
        int slot3 = SlotOf(row, 3) * _rowStride, slot4 = SlotOf(row, 4) * _rowStride, slot5 = SlotOf(row, 5) * _rowStride;
        for (int column = 0; column < Side; column++, rows += _tiling.RowLength, target += numberStride)
        {
            for (int c = 0; c < channels; c++)
            {
                float* from = rows + c * _channelStride;
                for (int t = 0; t < _tiling.RowLength; t += Vector<float>.Count)
                {
                    int panel = (firstTile + t) / Microkernel.Columns;
                    float* to = target + panel * panelStride + c * Microkernel.Columns + (firstTile + t - panel * Microkernel.Columns);
                    float* at = from + t;
                    Vector<float> x0 = Vector.Load(at + slot0), x1 = Vector.Load(at + slot1), x2 = Vector.Load(at + slot2);
                    Vector<float> x3 = Vector.Load(at + slot3), x4 = Vector.Load(at + slot4), x5 = Vector.Load(at + slot5);
                    WinogradTransform.Input(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5);
                    x0.Store(to);
                    x1.Store(to + down);
                    x2.Store(to + 2 * down);
                    x3.Store(to + 3 * down);
                    x4.Store(to + 4 * down);
                    x5.Store(to + 5 * down);
                }
            }
        }
    }
}
