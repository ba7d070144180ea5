using SpGpu.Data;
using SpGpu.Gpu;

namespace SpGpu.Models;

/// <summary>Probabilities of the classes at every pixel of a scaled picture, on the host.</summary>
/// <param name="Classes">The number of classes.</param>
/// <param name="Size">The size of the scaled picture.</param>
/// <param name="Values">Class, row, column; up to a factor that is the same everywhere.</param>
internal sealed record ProbabilityMap(int Classes, Size2D Size, float[] Values)
{
    /// <summary>
    /// The first class with the largest sum over maps that are each resized to one size (<see cref="ResizeTap"/>). A row
    /// of one class at a time is resized, so that classes x height x width of that size never exist.
    /// </summary>
    /// <returns>Row by row, a class a pixel.</returns>
    public static byte[] ArgMax(IReadOnlyList<ProbabilityMap> maps, Size2D size)
    {
        ResizeTap[][] rows = [.. maps.Select(map => ResizeTap.Between(map.Size.Height, size.Height))];
        ResizeTap[][] columns = [.. maps.Select(map => ResizeTap.Between(map.Size.Width, size.Width))];
        var labels = new byte[size.Height * size.Width];
        Parallel.For(0, size.Height, () => new Buffers(maps.Max(map => map.Size.Width), size.Width), (y, _, buffers) =>
        {
            Span<byte> row = labels.AsSpan(y * size.Width, size.Width);
            Span<float> sum = buffers.Sum, largest = buffers.Largest;
            largest.Fill(float.NegativeInfinity);
            for (int c = 0; c < maps[0].Classes; c++)
            {
                sum.Clear();
                for (int i = 0; i < maps.Count; i++)
                    maps[i].AddRow(c, rows[i][y], columns[i], buffers.Blend, sum);
                for (int x = 0; x < row.Length; x++)
                {
                    if (sum[x] > largest[x])
                        (largest[x], row[x]) = (sum[x], (byte)c);
                }
            }
            return buffers;
        }, _ => { });
        return labels;
    }

    /// <summary>Adds one row of one class, resized, to <paramref name="sum"/>.</summary>
    private void AddRow(int c, ResizeTap row, ResizeTap[] columns, Span<float> blend, Span<float> sum)
    {
        ReadOnlySpan<float> above = Row(c, row.First), below = Row(c, row.Second);
        for (int x = 0; x < above.Length; x++)
            blend[x] = above[x] + (below[x] - above[x]) * row.Weight;
        for (int x = 0; x < sum.Length; x++)
        {
            ResizeTap column = columns[x];
            sum[x] += blend[column.First] + (blend[column.Second] - blend[column.First]) * column.Weight;
        }
    }

    private ReadOnlySpan<float> Row(int c, int y) => Values.AsSpan((c * Size.Height + y) * Size.Width, Size.Width);

    /// <summary>What a thread needs for a row.</summary>
    private sealed class Buffers(int source, int width)
    {
        public float[] Blend { get; } = new float[source];

        public float[] Sum { get; } = new float[width];

        public float[] Largest { get; } = new float[width];
    }
}
