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

/// <summary>
/// The gradient of cross entropy by its logits, a plane at a time: each row of the class is interpolated again, turned
/// into its gradient and added back to the two rows that it came from, downwards.
/// </summary>
internal sealed unsafe class CrossEntropyGradientSimd : SimdOperation
{
    private readonly CrossEntropyGradient _gradient;
    private readonly BilinearRows _rows;
    private readonly BilinearTranspose _transpose;
    private readonly WorkerBuffers _buffers;

    public CrossEntropyGradientSimd(Team team, CrossEntropyGradient gradient, ReadOnlySpan<Shape> inputs) : base(team)
    {
        var size = new Size2D(inputs[1].H, inputs[1].W);
        _gradient = gradient;
        _rows = new BilinearRows(inputs[0], size, gradient.Forward.Rule);
        _transpose = new BilinearTranspose(inputs[0], size, gradient.Forward.Rule);
        // The blend and the small row are never needed at the same time.
        _buffers =
            new WorkerBuffers(team, checked(SimdLabelWeights.Labels + 3 * size.Width + Math.Max(_rows.BlendLength, _transpose.RowLength)));
    }

    public override string Variant => "cross entropy gradient simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View labels = Input(1);
        View logarithms = Input(3);
        View y = Output(0);
        CrossEntropy loss = _gradient.Forward;
        (int height, int width) = (labels.Shape.H, labels.Shape.W);
        float* scales = _buffers[worker];
        float* values = scales + SimdLabelWeights.Labels;
        float* scale = values + width;
        float* own = scale + width;
        float* small = own + width;
        float sum = Input(2).Floats[1];
        SimdLabelWeights.Fill(scales, x.Shape.C, loss.Ignored, loss.Weighted ? Input(4).Floats : null,
            sum != 0f && float.IsFinite(sum) ? _gradient.Factor / sum : 0f);
        (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            int n = plane / x.Shape.C;
            int c = plane - n * x.Shape.C;
            byte* label = labels.Bytes + (long)n * labels.BatchStride;
            float* logarithm = logarithms.Plane(n, 0);
            float* target = y.Plane(plane);
            new Span<float>(target, y.Shape.Plane).Clear();
            for (int row = 0; row < height; row++, label += width, logarithm += width)
            {
                _rows.Make(x.Plane(plane), row, small, values);
                for (int w = 0; w < width; w++)
                {
                    scale[w] = scales[label[w]];
                    own[w] = label[w] == c ? scale[w] : 0f;
                }
                for (int w = 0; w < width; w += Vector<float>.Count)
                    Apply(values + w, logarithm + w, scale + w, own + w, width - w);
                _transpose.Add(values, row, small, target);
            }
        }
    }

    /// <summary>Turns one vector of logits into their gradients; zero where the scale is, whatever the logit.</summary>
    private static void Apply(float* values, float* logarithm, float* scale, float* own, int count)
    {
        Vector<float> factor = SimdMath.Load(scale, count);
        Vector<float> probability = SimdMath.Exp(SimdMath.Load(values, count) - SimdMath.Load(logarithm, count));
        Vector<float> gradient = factor * probability - SimdMath.Load(own, count);
        SimdMath.Store(Vector.ConditionalSelect(Vector.Equals(factor, Vector<float>.Zero), Vector<float>.Zero, gradient), values, count);
    }
}
