using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The gradient of cross entropy by its logits, a plane at a time: each row of the class is interpolated again, turned
/// into its gradient and added back to the two rows that it came from, downwards.
/// </summary>
internal sealed unsafe class CrossEntropyGradientOperation : SimdOperation
{
    private readonly CrossEntropyGradient _gradient;
    private readonly BilinearRows _rows;
    private readonly BilinearTranspose _transpose;
    private readonly WorkerBuffers _buffers;

    public CrossEntropyGradientOperation(Team team, CrossEntropyGradient gradient, ReadOnlySpan<Shape> inputs) : base(team)
    {
        var size = new Size2D(inputs[1].H, inputs[1].W);
        _gradient = gradient;
        _rows = new BilinearRows(inputs[0], size);
        _transpose = new BilinearTranspose(inputs[0], size);
        // The blend and the small row are never needed at the same time.
        _buffers = new WorkerBuffers(team, checked(LabelWeights.Labels + 3 * size.Width + Math.Max(_rows.BlendLength, _transpose.RowLength)));
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
        float* values = scales + LabelWeights.Labels;
        float* scale = values + width;
        float* own = scale + width;
        float* small = own + width;
        float sum = Input(2).Floats[1];
        LabelWeights.Fill(scales, x.Shape.C, loss.Ignored, loss.Weighted ? Input(4).Floats : null,
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
