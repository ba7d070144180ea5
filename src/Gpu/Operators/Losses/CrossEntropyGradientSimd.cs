using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The gradient of cross entropy by its logits. A worker goes down its planes side by side: the rows of pixels between two
/// rows of logits are interpolated again, a class after the other, turned into their gradients and added back. What a pixel
/// counts is looked up once for all classes.
/// </summary>
internal sealed unsafe class CrossEntropyGradientSimd : SimdOperation
{
    private readonly CrossEntropyGradient _gradient;
    private readonly BilinearRows _rows;
    private readonly BilinearTranspose _transpose;
    private readonly WorkerBuffers _buffers;
    private readonly int _stride;
    private readonly int _bandLength;

    public CrossEntropyGradientSimd(Team team, CrossEntropyGradient gradient, ReadOnlySpan<Shape> inputs) : base(team)
    {
        var size = new Size2D(inputs[1].H, inputs[1].W);
        _gradient = gradient;
        _rows = new BilinearRows(inputs[0], size, gradient.Forward.Rule);
        _transpose = new BilinearTranspose((inputs[0].H, inputs[0].W), size, gradient.Forward.Rule);
        _stride = _transpose.LineLength;
        _bandLength = checked(_transpose.MostRows * _stride);
        int planes = Math.Min(inputs[0].C, (inputs[0].N * inputs[0].C + team.Size - 1) / team.Size);
        _buffers = new WorkerBuffers(team,
            checked(SimdLabelWeights.Labels + 3 * _bandLength + (1 + planes) * _stride + _rows.BlendLength));
    }

    public override string Variant => "cross entropy gradient simd";

    public override void Execute(int worker, int workers)
    {
        Shape x = Input(0).Shape;
        CrossEntropy loss = _gradient.Forward;
        float* table = _buffers[worker];
        float sum = Input(2).Floats[1];
        SimdLabelWeights.Fill(table, x.C, loss.Ignored, loss.Weighted ? Input(4).Floats : null,
            sum != 0f && float.IsFinite(sum) ? _gradient.Factor / sum : 0f);
        (int first, int last) = Share(x.N * x.C, worker, workers);
        while (first < last)
        {
            int n = first / x.C;
            int end = Math.Min(last, (n + 1) * x.C);
            Planes(n, first - n * x.C, end - n * x.C, table);
            first = end;
        }
    }

    /// <summary>Classes [first, last) of an image.</summary>
    private void Planes(int n, int first, int last, float* table)
    {
        View x = Input(0), y = Output(0);
        float* scales = table + SimdLabelWeights.Labels;
        int* classes = (int*)(scales + _bandLength);
        float* values = scales + 2 * _bandLength;
        float* line = values + _bandLength;
        float* carried = line + _stride;
        float* blend = carried + (last - first) * _stride;
        new Span<float>(carried, (last - first) * _stride).Clear();
        for (int h = 0; h < y.Shape.H; h++)
        {
            (int row, int end) = _transpose.Rows(h);
            LookUp(n, row, end, table, scales, classes);
            for (int c = first; c < last; c++)
            {
                for (int i = 0; i < end - row; i++)
                {
                    float* value = values + i * _stride;
                    _rows.Make(x.Plane(n, c), row + i, blend, value);
                    Apply(value, Input(3).Plane(n, 0) + (long)(row + i) * Input(3).Shape.W, scales + i * _stride, classes + i * _stride, c);
                }
                _transpose.Run(values, _stride, h, line, carried + (c - first) * _stride, y.Plane(n, c) + h * y.Shape.W);
            }
        }
    }

    /// <summary>What the pixels of rows [row, end) count, and their classes.</summary>
    private void LookUp(int n, int row, int end, float* table, float* scales, int* classes)
    {
        View labels = Input(1);
        int width = labels.Shape.W;
        byte* label = labels.Bytes + (long)n * labels.BatchStride + (long)row * width;
        for (; row < end; row++, label += width, scales += _stride, classes += _stride)
        {
            for (int w = 0; w < width; w++)
            {
                classes[w] = label[w];
                scales[w] = table[label[w]];
            }
        }
    }

    /// <summary>Turns a row of logits of a class into their gradients; zero where the scale is, whatever the logit.</summary>
    private void Apply(float* values, float* logarithms, float* scales, int* classes, int c)
    {
        int width = Input(1).Shape.W;
        for (int w = 0; w < width; w += Vector<float>.Count)
        {
            Vector<float> scale = Vector.Load(scales + w);
            Vector<float> probability = SimdMath.Exp(Vector.Load(values + w) - SimdMath.Load(logarithms + w, width - w));
            Vector<float> own = Vector.ConditionalSelect(
                Vector.Equals(Vector.Load(classes + w), new Vector<int>(c)), scale, Vector<float>.Zero);
            Vector<float> gradient = scale * probability - own;
            Vector.ConditionalSelect(Vector.Equals(scale, Vector<float>.Zero), Vector<float>.Zero, gradient).Store(values + w);
        }
    }
}
