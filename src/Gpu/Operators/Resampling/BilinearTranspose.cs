using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The transpose of <see cref="BilinearRows"/>: adds rows of a large plane to the small plane that they would be
/// interpolated from.
/// </summary>
internal sealed unsafe class BilinearTranspose(Shape input, Size2D output, ResizeRule rule)
{
    private readonly BilinearSimdAxis _vertical = new(input.H, output.Height, rule);
    private readonly BilinearSimdAxis _horizontal = new(input.W, output.Width, rule);

    /// <summary>Elements that <see cref="Add"/> needs for one row of the small plane.</summary>
    public int RowLength { get; } = input.W;

    /// <summary>Adds row <paramref name="y"/> of the large plane to the small one.</summary>
    /// <param name="source">The row of the large plane.</param>
    /// <param name="y">Its number.</param>
    /// <param name="row">Memory for a row of the small plane.</param>
    /// <param name="plane">The small plane.</param>
    public void Add(float* source, int y, float* row, float* plane)
    {
        new Span<float>(row, input.W).Clear();
        ReadOnlySpan<int> low = _horizontal.Low;
        ReadOnlySpan<float> part = _horizontal.Weight;
        // Neighbours that lie between the same two columns are added up in registers.
        for (int x = 0; x < low.Length;)
        {
            int column = low[x];
            float left = 0f;
            float right = 0f;
            for (; x < low.Length && low[x] == column; x++)
            {
                left += (1f - part[x]) * source[x];
                right += part[x] * source[x];
            }
            row[column] += left;
            row[Math.Min(column + 1, input.W - 1)] += right;
        }
        AddRow(row, 1f - _vertical.Weight[y], plane + (long)_vertical.Low[y] * input.W);
        AddRow(row, _vertical.Weight[y], plane + (long)_vertical.High[y] * input.W);
    }

    private void AddRow(float* row, float weight, float* target)
    {
        for (int w = 0; w < input.W; w += Vector<float>.Count)
        {
            int count = input.W - w;
            SimdMath.Store(SimdMath.Load(target + w, count) + weight * SimdMath.Load(row + w, count), target + w, count);
        }
    }
}
