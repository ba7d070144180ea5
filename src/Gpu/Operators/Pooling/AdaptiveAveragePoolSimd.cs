using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Adaptive average pool, a plane at a time: the rows of bins are summed in vectors, then each bin's columns.</summary>
internal sealed unsafe class AdaptiveAveragePoolSimd(Team team, AdaptiveAveragePool pool, Shape input) : SimdOperation(team)
{
    private readonly WorkerBuffers _sums = new(team, input.W + Vector<float>.Count);
    private readonly (int First, int End)[] _rows = Ranges(input.H, pool.Output.Height);
    private readonly (int First, int End)[] _columns = Ranges(input.W, pool.Output.Width);

    public override string Variant => "adaptive average pool simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        float* sums = _sums[worker];
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = y.Plane(plane);
            foreach ((int top, int bottom) in _rows)
            {
                AddRows(x.Plane(plane) + (long)top * x.Shape.W, bottom - top, x.Shape.W, sums);
                foreach ((int left, int right) in _columns)
                {
                    float sum = 0;
                    for (int w = left; w < right; w++)
                        sum += sums[w];
                    *target++ = sum / ((bottom - top) * (right - left));
                }
            }
        }
    }

    private static void AddRows(float* source, int rows, int width, float* sums)
    {
        for (int w = 0; w < width; w += Vector<float>.Count)
        {
            Vector<float> sum = default;
            for (int h = 0; h < rows; h++)
                sum += SimdMath.Load(source + (long)h * width + w, width - w);
            sum.Store(sums + w);
        }
    }

    /// <summary>The inputs of each output along one axis.</summary>
    public static (int First, int End)[] Ranges(int input, int output)
    {
        var ranges = new (int, int)[output];
        for (int i = 0; i < output; i++)
            ranges[i] = ((int)((long)i * input / output), (int)(((long)(i + 1) * input + output - 1) / output));
        return ranges;
    }
}

/// <summary>
/// Gradient of the adaptive average pool. The bins that hold row h are those that a pool from O to H rows would give
/// to h, so both ways take their ranges from one function. The bins' rows are added in vectors, then spread over the
/// columns; rows in the same bins are copies.
/// </summary>
internal sealed unsafe class AdaptiveAveragePoolGradientSimd : SimdOperation
{
    private readonly (int First, int End)[] _rows;
    private readonly (int First, int End)[] _columns;
    private readonly float[] _perRow;
    private readonly float[] _perColumn;
    private readonly WorkerBuffers _line;

    public AdaptiveAveragePoolGradientSimd(Team team, AdaptiveAveragePoolGradient pool, Shape gradient) : base(team)
    {
        _rows = AdaptiveAveragePoolSimd.Ranges(gradient.H, pool.Plane.Height);
        _columns = AdaptiveAveragePoolSimd.Ranges(gradient.W, pool.Plane.Width);
        _perRow = Shares(pool.Plane.Height, gradient.H);
        _perColumn = Shares(pool.Plane.Width, gradient.W);
        _line = new WorkerBuffers(team, gradient.W);
    }

    public override string Variant => "adaptive average pool gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        View dx = Output(0);
        int width = dx.Shape.W;
        float* line = _line[worker];
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = dx.Plane(plane);
            for (int h = 0; h < dx.Shape.H; h++, target += width)
            {
                if (h > 0 && _rows[h] == _rows[h - 1])
                {
                    new ReadOnlySpan<float>(target - width, width).CopyTo(new Span<float>(target, width));
                    continue;
                }
                AddRows(dy.Plane(plane), dy.Shape.W, _rows[h], line);
                Spread(line, target);
            }
        }
    }

    /// <summary>What each bin column of the given bin rows gives to a pixel.</summary>
    private void AddRows(float* source, int width, (int First, int End) rows, float* line)
    {
        fixed (float* perColumn = _perColumn)
        {
            for (int w = 0; w < width; w += Vector<float>.Count)
            {
                Vector<float> sum = default;
                for (int i = rows.First; i < rows.End; i++)
                    sum += SimdMath.Load(source + (long)i * width + w, width - w) * new Vector<float>(_perRow[i]);
                SimdMath.Store(sum * SimdMath.Load(perColumn + w, width - w), line + w, width - w);
            }
        }
    }

    private void Spread(float* line, float* target)
    {
        ReadOnlySpan<(int First, int End)> columns = _columns;
        for (int w = 0; w < columns.Length; w++)
        {
            float sum = line[columns[w].First];
            for (int j = columns[w].First + 1; j < columns[w].End; j++)
                sum += line[j];
            target[w] = sum;
        }
    }

    /// <summary>One over the length of each bin.</summary>
    private static float[] Shares(int input, int output) =>
        [.. AdaptiveAveragePoolSimd.Ranges(input, output).Select(bin => 1f / (bin.End - bin.First))];
}
