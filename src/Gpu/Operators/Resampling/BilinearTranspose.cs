using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The transpose of <see cref="BilinearRows"/>, a row of the small plane at a time: the rows of the large plane that read it
/// are added in vectors, then the columns. Rows between the same two neighbours follow one another, so that what they give to
/// the second is carried on to the next row, and likewise for columns; no element is written twice.
/// </summary>
internal sealed unsafe class BilinearTranspose
{
    private readonly BilinearSimdAxis _vertical;
    private readonly BilinearSimdAxis _horizontal;
    private readonly int[] _rowStarts;
    private readonly int[] _columnStarts;
    private readonly int _width;

    public BilinearTranspose(Size2D small, Size2D large, ResizeRule rule)
    {
        _vertical = new BilinearSimdAxis(small.Height, large.Height, rule);
        _horizontal = new BilinearSimdAxis(small.Width, large.Width, rule);
        _rowStarts = Starts(_vertical.Low, small.Height);
        _columnStarts = Starts(_horizontal.Low, small.Width);
        _width = large.Width;
    }

    /// <summary>Elements of what <see cref="Run"/> needs for a line, and of what it carries on.</summary>
    public int LineLength => _width + Vector<float>.Count;

    /// <summary>The most rows that lie between two of the small plane.</summary>
    public int MostRows => Enumerable.Range(0, _rowStarts.Length - 1).Max(h => _rowStarts[h + 1] - _rowStarts[h]);

    /// <summary>The rows [first, end) of the large plane that lie between row <paramref name="h"/> of the small one and the next.</summary>
    public (int First, int End) Rows(int h) => (_rowStarts[h], _rowStarts[h + 1]);

    /// <summary>Makes row <paramref name="h"/> of the small plane.</summary>
    /// <param name="source">The first of its <see cref="Rows"/>.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="h">The row's number; they come in order.</param>
    /// <param name="line">Memory for a line.</param>
    /// <param name="carried">What is carried on from row to row of a plane, zero at first.</param>
    /// <param name="target">The row.</param>
    public void Run(float* source, long stride, int h, float* line, float* carried, float* target)
    {
        AddRows(source, stride, h, line, carried);
        AddColumns(line, target);
    }

    /// <summary>Makes the line that row <paramref name="h"/> gets, and carries on what the next one gets.</summary>
    private void AddRows(float* source, long stride, int h, float* line, float* carried)
    {
        bool isLast = h == _rowStarts.Length - 2;
        ReadOnlySpan<float> weights = _vertical.Weight.AsSpan(_rowStarts[h], _rowStarts[h + 1] - _rowStarts[h]);
        for (int w = 0; w < _width; w += Vector<float>.Count)
        {
            Vector<float> own = Vector.Load(carried + w);
            Vector<float> next = default;
            for (int i = 0; i < weights.Length; i++)
            {
                Vector<float> value = SimdMath.Load(source + i * stride + w, _width - w);
                own += new Vector<float>(1f - weights[i]) * value;
                next += new Vector<float>(weights[i]) * value;
            }
            // The last row is its own neighbour.
            Vector.Store(isLast ? own + next : own, line + w);
            Vector.Store(next, carried + w);
        }
    }

    private void AddColumns(float* line, float* target)
    {
        ReadOnlySpan<int> starts = _columnStarts;
        ReadOnlySpan<float> weights = _horizontal.Weight;
        float carried = 0;
        int columns = starts.Length - 1;
        for (int w = 0; w < columns; w++)
        {
            float own = carried;
            carried = 0;
            for (int i = starts[w]; i < starts[w + 1]; i++)
            {
                own += (1f - weights[i]) * line[i];
                carried += weights[i] * line[i];
            }
            target[w] = own;
        }
        target[columns - 1] += carried;
    }

    /// <summary>The first output whose lower neighbour is input i or a later one, for each i and one past the end.</summary>
    private static int[] Starts(int[] low, int inputs)
    {
        int[] starts = new int[inputs + 1];
        for (int i = 0, output = 0; i <= inputs; i++)
        {
            while (output < low.Length && low[output] < i)
                output++;
            starts[i] = output;
        }
        return starts;
    }
}
