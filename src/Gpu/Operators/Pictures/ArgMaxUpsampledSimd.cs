using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Arg-max of upsampled logits. Output rows between the same two source rows go together: for each class these two are
/// stretched once, and every output row is a blend of them, compared with the largest so far in whole vectors.
/// </summary>
internal sealed unsafe class ArgMaxUpsampledSimd : SimdOperation
{
    /// <summary>Output rows that go together, at most: their largest values stay in the second-level cache.</summary>
    private const int MostRows = 16;

    private readonly BilinearSimdAxis _vertical;
    private readonly BilinearSimdAxis _horizontal;
    private readonly WorkerBuffers _buffers;
    private readonly Size2D _size;
    private readonly int _rowLength;

    public ArgMaxUpsampledSimd(Team team, ArgMaxUpsampled argMax, Shape input) : base(team)
    {
        _size = argMax.Output;
        _vertical = new BilinearSimdAxis(input.H, _size.Height, argMax.Rule);
        _horizontal = new BilinearSimdAxis(input.W, _size.Width, argMax.Rule);
        _rowLength = (_size.Width + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        _buffers = new WorkerBuffers(team, checked((2 + 2 * MostRows) * _rowLength));
    }

    public override string Variant => "arg-max of upsampled logits simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        (int first, int last) = Share(x.Shape.N * _size.Height, worker, workers);
        while (first < last)
        {
            int n = first / _size.Height;
            int y = first - n * _size.Height;
            int rows = 1;
            int most = Math.Min(Math.Min(last - first, _size.Height - y), MostRows);
            while (rows < most && _vertical.Low[y + rows] == _vertical.Low[y])
                rows++;
            LabelRows(n, y, rows, _buffers[worker]);
            first += rows;
        }
    }

    private void LabelRows(int n, int y, int rows, float* buffer)
    {
        View x = Input(0);
        float* upper = buffer;
        float* lower = upper + _rowLength;
        float* largest = lower + _rowLength;
        int* labels = (int*)(largest + MostRows * _rowLength);
        new Span<float>(largest, rows * _rowLength).Fill(float.NegativeInfinity);
        new Span<int>(labels, rows * _rowLength).Clear();
        for (int c = 0; c < x.Shape.C; c++)
        {
            _horizontal.Stretch(x.Plane(n, c) + (long)_vertical.Low[y] * x.Shape.W, upper);
            _horizontal.Stretch(x.Plane(n, c) + (long)_vertical.High[y] * x.Shape.W, lower);
            for (int row = 0; row < rows; row++)
                Compare(upper, lower, _vertical.Weight[y + row], c, largest + row * _rowLength, labels + row * _rowLength);
        }
        byte* target = Output(0).Bytes + (long)n * Output(0).BatchStride + (long)y * _size.Width;
        for (int row = 0; row < rows; row++)
        {
            for (int w = 0; w < _size.Width; w++)
                target[row * _size.Width + w] = (byte)labels[row * _rowLength + w];
        }
    }

    private void Compare(float* upper, float* lower, float weight, int label, float* largest, int* labels)
    {
        var below = new Vector<float>(weight);
        Vector<float> above = Vector<float>.One - below;
        var index = new Vector<int>(label);
        for (int w = 0; w < _rowLength; w += Vector<float>.Count)
        {
            Vector<float> value = above * Vector.Load(upper + w) + below * Vector.Load(lower + w);
            Vector<float> most = Vector.Load(largest + w);
            Vector<int> isLarger = Vector.GreaterThan(value, most);
            Vector.ConditionalSelect(isLarger, value, most).Store(largest + w);
            Vector.ConditionalSelect(isLarger, index, Vector.Load(labels + w)).Store(labels + w);
        }
    }
}
