using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// x * sigmoid(expand(a) + expand(b)) in one pass. As e^-(a + b) = e^-a e^-b, exponentials are taken of the strips
/// alone, and an element costs a multiply-add and a division.
/// </summary>
internal sealed unsafe class StripGateSimd(Team team, Shape x) : SimdOperation(team)
{
    /// <summary>Strips up to here: the product of two exponentials stays a normal float32. Others are added first.</summary>
    private const float Most = 43f;

    private readonly WorkerBuffers _exponentials = new(team, x.H + x.W);

    public override string Variant => "strip gate simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View a = Input(1);
        View b = Input(2);
        View y = Output(0);
        bool streams = Streaming.Pays(y);
        (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
            Gate(x.Plane(plane), a.Plane(plane), b.Plane(plane), y.Plane(plane), x.Shape, _exponentials[worker], streams);
        if (streams)
            Streaming.Finish();
    }

    private static void Gate(float* source, float* column, float* row, float* target, Shape shape, float* exponentials, bool streams)
    {
        float* ofColumn = exponentials;
        float* ofRow = exponentials + shape.H;
        if (Exponentials(column, ofColumn, shape.H) & Exponentials(row, ofRow, shape.W))
            StripMapSimd.Run<OfExponentials>(source, ofColumn, ofRow, target, shape.H, shape.W, streams);
        else
            StripMapSimd.Run<OfStrips>(source, column, row, target, shape.H, shape.W);
    }

    /// <summary>e^-x of a strip; false where one lies beyond <see cref="Most"/> or is no number.</summary>
    private static bool Exponentials(float* strip, float* exponentials, int length)
    {
        bool within = true;
        for (int i = 0; i < length; i += Vector<float>.Count)
        {
            Vector<float> value = SimdMath.Load(strip + i, length - i);
            within &= Vector.LessThanOrEqualAll(Vector.Abs(value), new Vector<float>(Most));
            SimdMath.Store(SimdMath.Exp(-value), exponentials + i, length - i);
        }
        return within;
    }

    /// <summary>x / (1 + e^-a e^-b).</summary>
    private readonly struct OfExponentials : IStripFunction
    {
        public static bool ReadsX => true;

        public static Vector<float> Of(Vector<float> x, Vector<float> column, Vector<float> row) =>
            x / Vector.MultiplyAddEstimate(column, row, Vector<float>.One);
    }

    /// <summary>x * sigmoid(a + b).</summary>
    private readonly struct OfStrips : IStripFunction
    {
        public static bool ReadsX => true;

        public static Vector<float> Of(Vector<float> x, Vector<float> column, Vector<float> row) => x * SimdMath.Sigmoid(column + row);
    }
}

/// <summary>
/// The three gradients of the strip gate in one read of dy and x: a row's sum in one vector, the columns' sums in a
/// line that stays in the first-level cache.
/// </summary>
internal sealed unsafe class StripGateGradientSimd(Team team, Shape shape) : SimdOperation(team)
{
    private readonly WorkerBuffers _columns = new(team, shape.W + Vector<float>.Count);

    public override string Variant => "strip gate gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        int width = dy.Shape.W;
        float* columns = _columns[worker];
        (int first, int last) = Share(dy.Shape.N * dy.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* gradient = dy.Plane(plane);
            float* source = Input(1).Plane(plane);
            float* column = Input(2).Plane(plane);
            float* row = Input(3).Plane(plane);
            float* target = Output(0).Plane(plane);
            float* da = Output(1).Plane(plane);
            new Span<float>(columns, width).Clear();
            for (int h = 0; h < dy.Shape.H; h++, gradient += width, source += width, target += width)
            {
                var left = new Vector<float>(column[h]);
                Vector<float> sum = default;
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    int count = width - w;
                    Vector<float> gate = SimdMath.Sigmoid(left + SimdMath.Load(row + w, count));
                    Vector<float> gated = SimdMath.Load(gradient + w, count) * gate;
                    SimdMath.Store(gated, target + w, count);
                    Vector<float> term = gated * SimdMath.Load(source + w, count) * (Vector<float>.One - gate);
                    sum += term;
                    Vector.Store(Vector.Load(columns + w) + term, columns + w);
                }
                da[h] = Vector.Sum(sum);
            }
            new ReadOnlySpan<float>(columns, width).CopyTo(new Span<float>(Output(2).Plane(plane), width));
        }
    }
}
