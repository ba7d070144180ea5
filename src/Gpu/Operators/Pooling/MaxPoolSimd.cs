using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Max pool: the largest of the window's rows in vectors, then of its columns.</summary>
internal sealed unsafe class MaxPoolSimd(Team team, MaxPool pool, Shape input) : SimdOperation(team)
{
    private readonly WorkerBuffers _columns = new(team, input.W + Vector<float>.Count);

    public override string Variant => $"{pool.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int width = x.Shape.W;
        float* columns = _columns[worker];
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* source = x.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; i < y.Shape.H; i++)
            {
                int top = Math.Max(i * pool.Stride - pool.Padding, 0);
                int bottom = Math.Min(i * pool.Stride - pool.Padding + pool.Kernel, x.Shape.H);
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    Vector<float> largest = SimdMath.Load(source + (long)top * width + w, width - w);
                    for (int h = top + 1; h < bottom; h++)
                        largest = Vector.Max(largest, SimdMath.Load(source + (long)h * width + w, width - w));
                    Vector.Store(largest, columns + w);
                }
                for (int j = 0; j < y.Shape.W; j++)
                {
                    int left = Math.Max(j * pool.Stride - pool.Padding, 0);
                    int right = Math.Min(j * pool.Stride - pool.Padding + pool.Kernel, width);
                    float largest = columns[left];
                    for (int w = left + 1; w < right; w++)
                        largest = MathF.Max(largest, columns[w]);
                    *target++ = largest;
                }
            }
        }
    }
}

/// <summary>
/// Gradient of the max pool. Each row of windows finds its largest elements in vectors, over the windows' rows and then
/// over their columns, as integers in the order of the floats beside the elements' places; then each window adds its
/// gradient at the place found.
/// </summary>
internal sealed unsafe class MaxPoolGradientSimd : SimdOperation
{
    private readonly MaxPool _pool;
    private readonly int _lineLength;
    private readonly WorkerBuffers _buffers;

    public MaxPoolGradientSimd(Team team, MaxPool pool, Shape input) : base(team)
    {
        _pool = pool;
        _lineLength = input.W + 2 * pool.Padding + pool.Kernel + 2 * Vector<float>.Count;
        _buffers = new WorkerBuffers(team, checked(3 * _lineLength));
    }

    public override string Variant => $"{_pool.Name} gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        View x = Input(1);
        View dx = Output(0);
        int* keys = (int*)_buffers[worker];
        int* places = keys + _lineLength;
        int* winners = places + _lineLength;
        // What lies in the padding is less than any number.
        new Span<int>(keys, _lineLength).Fill(int.MinValue);
        (int first, int last) = Share(dy.Shape.N * dy.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* gradient = dy.Plane(plane);
            float* target = dx.Plane(plane);
            new Span<float>(target, x.Shape.Plane).Clear();
            for (int i = 0; i < dy.Shape.H; i++, gradient += dy.Shape.W)
            {
                int top = i * _pool.Stride - _pool.Padding;
                OverRows(x.Plane(plane), x.Shape.W, Math.Max(top, 0), Math.Min(top + _pool.Kernel, x.Shape.H), keys, places);
                OverColumns(keys, places, (dy.Shape.W - 1) * _pool.Stride + 1, winners);
                for (int j = 0; j < dy.Shape.W; j++)
                    target[winners[j * _pool.Stride]] += gradient[j];
            }
        }
    }

    /// <summary>The largest of each column between two rows; the first row wins.</summary>
    private void OverRows(float* source, int width, int top, int bottom, int* keys, int* places)
    {
        Vector<int> columns = Vector<int>.Indices;
        for (int w = 0; w < width; w += Vector<float>.Count)
        {
            Vector<int> place = columns + new Vector<int>(top * width + w);
            Vector<int> bestPlace = place;
            Vector<int> best = Key(SimdMath.Load(source + (long)top * width + w, width - w));
            for (int h = top + 1; h < bottom; h++)
            {
                place += new Vector<int>(width);
                Vector<int> key = Key(SimdMath.Load(source + (long)h * width + w, width - w));
                Vector<int> larger = Vector.GreaterThan(key, best);
                best = Vector.ConditionalSelect(larger, key, best);
                bestPlace = Vector.ConditionalSelect(larger, place, bestPlace);
            }
            Vector.Store(best, keys + _pool.Padding + w);
            Vector.Store(bestPlace, places + _pool.Padding + w);
        }
        new Span<int>(keys + _pool.Padding + width, Vector<int>.Count).Fill(int.MinValue);
    }

    /// <summary>The place of the largest in each window that begins at a column; of equals the first in the plane.</summary>
    private void OverColumns(int* keys, int* places, int count, int* winners)
    {
        for (int w = 0; w < count; w += Vector<int>.Count)
        {
            Vector<int> best = Vector.Load(keys + w);
            Vector<int> bestPlace = Vector.Load(places + w);
            for (int v = 1; v < _pool.Kernel; v++)
            {
                Vector<int> key = Vector.Load(keys + w + v);
                Vector<int> place = Vector.Load(places + w + v);
                Vector<int> better = Vector.GreaterThan(key, best) | (Vector.Equals(key, best) & Vector.LessThan(place, bestPlace));
                best = Vector.ConditionalSelect(better, key, best);
                bestPlace = Vector.ConditionalSelect(better, place, bestPlace);
            }
            Vector.Store(bestPlace, winners + w);
        }
    }

    /// <summary>Integers in the order of the floats: both zeros are equal, all NaN are equal and the largest.</summary>
    private static Vector<int> Key(Vector<float> value)
    {
        // The sum makes a positive zero of a negative one.
        var bits = Vector.AsVectorInt32(value + Vector<float>.Zero);
        Vector<int> ordered = bits ^ (Vector.ShiftRightArithmetic(bits, 31) & new Vector<int>(int.MaxValue));
        return Vector.ConditionalSelect(Vector.Equals(value, value), ordered, new Vector<int>(int.MaxValue));
    }
}
