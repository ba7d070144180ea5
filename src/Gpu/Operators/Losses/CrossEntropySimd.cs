using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Cross entropy of interpolated logits: the rows of all classes for one row of pixels exist at once. Each row's sums,
/// in double precision, are added in order at the end.
/// </summary>
internal sealed unsafe class CrossEntropySimd : SimdOperation
{
    private readonly CrossEntropy _loss;
    private readonly BilinearRows _rows;
    private readonly WorkerBuffers _buffers;
    private readonly (double Loss, double Weight)[] _sums;

    public CrossEntropySimd(Team team, CrossEntropy loss, ReadOnlySpan<Shape> inputs) : base(team)
    {
        (Shape logits, Shape labels) = (inputs[0], inputs[1]);
        _loss = loss;
        _rows = new BilinearRows(logits, (labels.H, labels.W), loss.Rule);
        _buffers = new WorkerBuffers(team, checked(SimdLabelWeights.Labels + logits.C * labels.W + _rows.BlendLength));
        _sums = new (double, double)[labels.N * labels.H];
    }

    public override string Variant => "cross entropy simd";

    protected override int Phases => 2;

    public override void Execute(int worker, int workers)
    {
        if (Phase == 0)
            Rows(worker, workers);
        else if (worker == 0)
            Total();
    }

    private void Rows(int worker, int workers)
    {
        View x = Input(0);
        View labels = Input(1);
        int width = labels.Shape.W;
        float* weights = _buffers[worker];
        float* values = weights + SimdLabelWeights.Labels;
        float* blend = values + (long)x.Shape.C * width;
        SimdLabelWeights.Fill(weights, x.Shape.C, _loss.Ignored, _loss.Weighted ? Input(2).Floats : null, 1f);
        (int first, int last) = Share(_sums.Length, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / labels.Shape.H;
            int row = item - n * labels.Shape.H;
            for (int c = 0; c < x.Shape.C; c++)
                _rows.Make(x.Plane(n, c), row, blend, values + (long)c * width);
            float* logarithms = Output(1).Plane(n, 0) + (long)row * width;
            for (int w = 0; w < width; w += Vector<float>.Count)
                LogSumExp(values + w, width, x.Shape.C, logarithms + w, width - w);
            _sums[item] = Sum(values, logarithms, labels.Bytes + (long)n * labels.BatchStride + (long)row * width, weights, width);
        }
    }

    private void Total()
    {
        double loss = 0;
        double weight = 0;
        foreach ((double rowLoss, double rowWeight) in _sums)
        {
            loss += rowLoss;
            weight += rowWeight;
        }
        float* result = Output(0).Floats;
        result[0] = (float)(loss / weight);
        result[1] = (float)weight;
    }

    /// <summary>The logarithm of the sum of powers over one vector of pixels; classes are a stride apart.</summary>
    private static void LogSumExp(float* source, long stride, int classes, float* target, int count)
    {
        Vector<float> largest = SimdMath.Load(source, count);
        for (int c = 1; c < classes; c++)
            largest = Vector.Max(largest, SimdMath.Load(source + c * stride, count));
        Vector<float> sum = default;
        for (int c = 0; c < classes; c++)
            sum += SimdMath.Exp(SimdMath.Load(source + c * stride, count) - largest);
        SimdMath.Store(largest + Vector.Log(sum), target, count);
    }

    private static (double Loss, double Weight) Sum(float* values, float* logarithms, byte* labels, float* weights, int width)
    {
        double loss = 0;
        double sum = 0;
        for (int w = 0; w < width; w++)
        {
            int label = labels[w];
            float weight = weights[label];
            // Also keeps labels that are no class from being looked up.
            if (weight == 0f)
                continue;
            loss += (double)weight * (logarithms[w] - values[(long)label * width + w]);
            sum += weight;
        }
        return (loss, sum);
    }
}
