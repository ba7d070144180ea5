using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Bilinear interpolation, a plane at a time.</summary>
internal sealed unsafe class BilinearSimd(Team team, Bilinear bilinear, Shape input) : SimdOperation(team)
{
    private readonly BilinearRows _rows = new(input, bilinear.Output, bilinear.Rule);
    private readonly WorkerBuffers _blend = new(team, input.W + Vector<float>.Count);

    public override string Variant => "bilinear simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        float* blend = _blend[worker];
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = y.Plane(plane);
            for (int h = 0; h < y.Shape.H; h++, target += y.Shape.W)
                _rows.Make(x.Plane(plane), h, blend, target);
        }
    }
}

/// <summary>
/// Gradient of bilinear interpolation, a row of dx at a time: the rows of dy that read it are added in vectors, then
/// the columns. Outputs between the same two neighbours follow one another, so that what they give to the second is
/// carried on to the next row or column; no element is written twice.
/// </summary>
internal sealed unsafe class BilinearGradientSimd : SimdOperation
{
    private readonly BilinearSimdAxis _vertical;
    private readonly BilinearSimdAxis _horizontal;
    private readonly int[] _rowStarts;
    private readonly int[] _columnStarts;
    private readonly int _lineLength;
    private readonly WorkerBuffers _buffers;

    public BilinearGradientSimd(Team team, BilinearGradient bilinear, Shape gradient) : base(team)
    {
        _vertical = new BilinearSimdAxis(bilinear.Plane.Height, gradient.H, bilinear.Rule);
        _horizontal = new BilinearSimdAxis(bilinear.Plane.Width, gradient.W, bilinear.Rule);
        _rowStarts = Starts(_vertical.Low, bilinear.Plane.Height);
        _columnStarts = Starts(_horizontal.Low, bilinear.Plane.Width);
        _lineLength = gradient.W + Vector<float>.Count;
        _buffers = new WorkerBuffers(team, checked(2 * _lineLength));
    }

    public override string Variant => "bilinear gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        View dx = Output(0);
        float* line = _buffers[worker];
        float* carried = line + _lineLength;
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = dx.Plane(plane);
            new Span<float>(carried, _lineLength).Clear();
            for (int h = 0; h < dx.Shape.H; h++, target += dx.Shape.W)
            {
                AddRows(dy.Plane(plane), dy.Shape.W, h, h == dx.Shape.H - 1, line, carried);
                AddColumns(line, target);
            }
        }
    }

    /// <summary>Makes the line that row <paramref name="h"/> gets of dy, and carries on what the next one gets.</summary>
    private void AddRows(float* source, int width, int h, bool isLast, float* line, float* carried)
    {
        int start = _rowStarts[h];
        ReadOnlySpan<float> weights = _vertical.Weight.AsSpan(start, _rowStarts[h + 1] - start);
        source += (long)start * width;
        for (int w = 0; w < width; w += Vector<float>.Count)
        {
            Vector<float> own = Vector.Load(carried + w);
            Vector<float> next = default;
            for (int i = 0; i < weights.Length; i++)
            {
                Vector<float> value = SimdMath.Load(source + (long)i * width + w, width - w);
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
