using System.Numerics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// Transforms the products of tiles back into rows of the output, with the epilogue: some rows of tiles down, then each across. So
/// six long runs are read at a time and not 36 short ones, which are more than a processor fetches ahead.
/// </summary>
internal sealed unsafe class WinogradOutput(Team team, Epilogue epilogue, Shape output, WinogradTiling tiling)
{
    private const int Inner = WinogradTiling.Inputs;
    private const int Outer = WinogradTiling.Outputs;

    /// <summary>Tiles that are transformed down at once, unless a row has more: 12 KB of numbers.</summary>
    private const int Tiles = 128;

    private readonly int _rows = Math.Max(1, Tiles / tiling.RowLength);

    private readonly WorkerBuffers _buffers =
        new(team, Outer * Inner * Math.Max(Tiles, tiling.RowLength) + Outer * tiling.RowLength
            + Outer * tiling.Dilation.Width * tiling.TilesAcross + Vector<float>.Count);

    /// <summary>Writes one channel's rows under the rows of tiles [firstRow, lastRow).</summary>
    /// <param name="products">Number 0 of the 36 of the channel's first tile.</param>
    /// <param name="numberStride">From one of the 36 numbers to the next.</param>
    /// <param name="firstRow">The first row of tiles.</param>
    /// <param name="lastRow">One beyond the last.</param>
    /// <param name="operands">Bias, residual, factor and output.</param>
    /// <param name="n">The image.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="worker">Whose buffers are used.</param>
    public void Run(
        float* products, long numberStride, int firstRow, int lastRow, in ConvolutionOperands operands, int n, int channel, int worker)
    {
        int length = tiling.RowLength;
        float* rows = _buffers[worker];
        float* numbers = rows + Outer * Inner * Math.Max(Tiles, length);
        float* line = numbers + Outer * length;
        float bias = operands.Bias != null ? operands.Bias[channel] : 0;
        float* target = operands.Output.Plane(n, channel);
        float* residual = (epilogue & Epilogue.Residual) != 0 ? operands.Residual.Plane(n, channel) : null;
        float* factor = (epilogue & Epilogue.Multiply) != 0 ? operands.Factor.Plane(n, channel) : null;
        for (int first = firstRow; first < lastRow; first += _rows)
        {
            int last = Math.Min(first + _rows, lastRow);
            int tiles = (last - first) * length;
            for (int column = 0; column < Inner; column++)
                Transform(products + (first - firstRow) * length + column * numberStride, Inner * numberStride, tiles,
                    rows + column * tiles, Inner * tiles);
            for (int row = first; row < last; row++)
            {
                for (int i = 0; i < Outer; i++)
                {
                    int y = tiling.ImageRow(row, i);
                    if (y >= output.H)
                        break;
                    Transform(rows + i * Inner * tiles + (row - first) * length, tiles, length, numbers, length);
                    WinogradLines.Join(numbers, length, tiling.Dilation.Width, tiling.TilesAcross, line);
                    long start = (long)y * output.W;
                    Store(line, new Vector<float>(bias), residual + start, factor + start, target + start);
                }
            }
        }
    }

    private void Store(float* line, Vector<float> bias, float* residual, float* factor, float* target)
    {
        int x = 0;
        for (; x <= output.W - Vector<float>.Count; x += Vector<float>.Count)
            EpilogueMath.Apply(epilogue, Vector.Load(line + x) + bias, residual + x, factor + x, Vector<float>.Count).Store(target + x);
        int rest = output.W - x;
        if (rest > 0)
            SimdMath.Store(EpilogueMath.Apply(epilogue, Vector.Load(line + x) + bias, residual + x, factor + x, rest), target + x, rest);
    }

    private static void Transform(float* products, long stride, int tiles, float* target, int targetStride)
    {
        for (int t = 0; t < tiles; t += Vector<float>.Count)
        {
            float* from = products + t;
            WinogradTransform.Output(
                Vector.Load(from), Vector.Load(from + stride), Vector.Load(from + 2 * stride),
                Vector.Load(from + 3 * stride), Vector.Load(from + 4 * stride), Vector.Load(from + 5 * stride),
                out Vector<float> y0, out Vector<float> y1, out Vector<float> y2, out Vector<float> y3);
            y0.Store(target + t);
            y1.Store(target + targetStride + t);
            y2.Store(target + 2 * targetStride + t);
            y3.Store(target + 3 * targetStride + t);
        }
    }
}
