using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The rows of a plane between their padding, the elements of each sorted by column modulo the stride, so that what a tap
/// reads for a row of outputs lies side by side. A worker holds as many rows as a row of outputs reads.
/// </summary>
internal sealed unsafe class DepthwiseLines
{
    private const int IntsOfPointer = 2;

    private readonly DepthwiseGeometry _geometry;
    private readonly Shape _source;
    private readonly int _length, _lines, _capacity;
    private readonly WorkerBuffers _buffers;

    /// <param name="team">The workers.</param>
    /// <param name="geometry">What a plane reads.</param>
    /// <param name="source">The tensor that is read.</param>
    /// <param name="width">Outputs of a row.</param>
    public DepthwiseLines(Team team, DepthwiseGeometry geometry, Shape source, int width)
    {
        _geometry = geometry;
        _source = source;
        Starts = new int[geometry.Kernel.Width];
        int reach = (geometry.Kernel.Width - 1) * geometry.Dilation.Width;
        _length = checked(width + reach / geometry.Stride.Width + Vector<float>.Count);
        for (int v = 0; v < Starts.Length; v++)
        {
            int column = v * geometry.Dilation.Width;
            int line = column / geometry.Stride.Width;
            Starts[v] = (column - line * geometry.Stride.Width) * _length + line;
        }
        _lines = Math.Min(geometry.Stride.Width, reach + 1);
        int rows = checked((geometry.Kernel.Height - 1) * geometry.Dilation.Height) / geometry.Spread.Height + 1;
        _capacity = Math.Min(rows, source.H);
        _buffers = new WorkerBuffers(team, checked(Header + (_capacity + 1) * _lines * _length));
        for (int worker = 0; worker < team.Size; worker++)
            new Span<float>(Line(worker, _capacity), _lines * _length).Clear();
    }

    /// <summary>Where in a line each tap of a row of the filter starts.</summary>
    public int[] Starts { get; }

    /// <summary>Pointers to the rows under the taps, then which row each line holds.</summary>
    private int Header => IntsOfPointer * _geometry.Kernel.Height + _capacity;

    /// <summary>Begins a plane: forgets the rows of another one.</summary>
    public void Begin(int worker) => new Span<int>(Held(worker), _capacity).Fill(-1);

    /// <summary>The lines under the taps of output row <paramref name="row"/>.</summary>
    public float** Rows(int worker, float* plane, int row)
    {
        var rows = (float**)_buffers[worker];
        int first = row * _geometry.Stride.Height - _geometry.Padding.Height;
        for (int u = 0; u < _geometry.Kernel.Height; u++)
            rows[u] = Row(worker, plane, first + u * _geometry.Dilation.Height);
        return rows;
    }

    private float* Row(int worker, float* plane, int row)
    {
        int at = row / _geometry.Spread.Height;
        if (row < 0 || at >= _source.H || at * _geometry.Spread.Height != row)
            return Line(worker, _capacity);
        int slot = at % _capacity;
        float* line = Line(worker, slot);
        if (Held(worker)[slot] != at)
        {
            Held(worker)[slot] = at;
            float* source = plane + (long)at * _source.W;
            if (_geometry.Spread.Width > 1)
                Spread(source, line);
            else
                for (int phase = 0; phase < _lines; phase++)
                    Fill(source, line + phase * _length, phase - _geometry.Padding.Width);
        }
        return line;
    }

    /// <summary>Every stride-th element from one on that may lie in the padding.</summary>
    private void Fill(float* source, float* line, int first)
    {
        int stride = _geometry.Stride.Width;
        int left = Math.Min(first < 0 ? (stride - 1 - first) / stride : 0, _length);
        first += left * stride;
        int count = Math.Clamp((_source.W - first + stride - 1) / stride, 0, _length - left);
        new Span<float>(line, left).Clear();
        if (stride == 1)
            new Span<float>(source + first, count).CopyTo(new Span<float>(line + left, count));
        else if (stride == 2)
            Lanes.Even(source + first, line + left, count);
        else
            for (int i = 0; i < count; i++)
                line[left + i] = source[first + i * stride];
        new Span<float>(line + left + count, _length - left - count).Clear();
    }

    private void Spread(float* source, float* line)
    {
        new Span<float>(line, _length).Clear();
        int at = _geometry.Padding.Width;
        for (int j = 0; j < _source.W; j++, at += _geometry.Spread.Width)
        {
            if ((uint)at < (uint)_length)
                line[at] = source[j];
        }
    }

    private int* Held(int worker) => (int*)_buffers[worker] + IntsOfPointer * _geometry.Kernel.Height;

    private float* Line(int worker, int slot) => _buffers[worker] + Header + slot * _lines * _length;
}
