using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Max pool: the largest of the window's rows in vectors, between what is less than any number, then of its columns,
/// also in vectors: of the windows that begin at every column, those at multiples of the stride are kept.
/// </summary>
internal sealed unsafe class MaxPoolSimd : SimdOperation
{
    private readonly MaxPool _pool;
    private readonly int _lineLength;
    private readonly WorkerBuffers _lines;

    public MaxPoolSimd(Team team, MaxPool pool, Shape input) : base(team)
    {
        _pool = pool;
        _lineLength = input.W + 2 * pool.Padding + pool.Kernel + 2 * Vector<float>.Count;
        _lines = new WorkerBuffers(team, checked(2 * _lineLength));
    }

    public override string Variant => $"{_pool.Name} simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int width = x.Shape.W;
        float* line = _lines[worker];
        float* largest = line + _lineLength;
        new Span<float>(line, _lineLength).Fill(float.NegativeInfinity);
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* source = x.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; i < y.Shape.H; i++, target += y.Shape.W)
            {
                int top = Math.Max(i * _pool.Stride - _pool.Padding, 0);
                int bottom = Math.Min(i * _pool.Stride - _pool.Padding + _pool.Kernel, x.Shape.H);
                OverRows(source + (long)top * width, bottom - top, width, line + _pool.Padding);
                OverColumns(line, (y.Shape.W - 1) * _pool.Stride + 1, largest);
                if (_pool.Stride == 2)
                {
                    Lanes.Even(largest, target, y.Shape.W);
                    continue;
                }
                for (int j = 0; j < y.Shape.W; j++)
                    target[j] = largest[j * _pool.Stride];
            }
        }
    }

    private static void OverRows(float* source, int rows, int width, float* line)
    {
        int w = 0;
        for (; w <= width - Vector<float>.Count; w += Vector<float>.Count)
        {
            Vector<float> largest = Vector.Load(source + w);
            for (int h = 1; h < rows; h++)
                largest = Vector.Max(largest, Vector.Load(source + (long)h * width + w));
            largest.Store(line + w);
        }
        for (; w < width; w++)
        {
            float largest = source[w];
            for (int h = 1; h < rows; h++)
                largest = MathF.Max(largest, source[(long)h * width + w]);
            line[w] = largest;
        }
    }

    /// <summary>The largest of each window that begins at a column.</summary>
    private void OverColumns(float* line, int count, float* largest)
    {
        for (int w = 0; w < count; w += Vector<float>.Count)
        {
            Vector<float> best = Vector.Load(line + w);
            for (int v = 1; v < _pool.Kernel; v++)
                best = Vector.Max(best, Vector.Load(line + w + v));
            best.Store(largest + w);
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
