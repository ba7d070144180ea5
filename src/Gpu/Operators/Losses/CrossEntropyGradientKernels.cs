using ILGPU;
using ILGPU.Runtime;
using DownLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.CrossEntropyGradientKernels.DownScalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<byte>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.CrossEntropyGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// dx = factor * up^T(w[t] * (e^(up(x) - lse) - onehot(t)) / sum of w[t]), an image at a time, so that workspace holds
/// C,H,w of one only. First along rows: one (row of pixels, column of logits) a thread, which makes the logits of the
/// pixels that read the column from three neighbours and adds up their gradients from the left; then down the columns.
/// Grid (elements of a class, classes). Where labels are as large as logits, one kernel does it, an element a thread.
/// </summary>
internal sealed class CrossEntropyGradientKernels : KernelOperation
{
    private readonly CrossEntropyGradient _gradient;
    private readonly Launch _first;
    private readonly DownLaunch? _down;

    public CrossEntropyGradientKernels(KernelDevice device, CrossEntropyGradient gradient, ReadOnlySpan<Shape> inputs) : base(device)
    {
        (Shape x, Shape labels) = (inputs[0], inputs[1]);
        _gradient = gradient;
        if (labels.H == x.H && labels.W == x.W)
        {
            _first = device.Load<Launch>(Direct);
            return;
        }
        _first = device.Load<Launch>(Across);
        _down = device.Load<DownLaunch>(Down);
        device.Workspace.Reserve(new Shape(1, x.C, labels.H, x.W).Count);
    }

    public override string Variant => _gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape labels = inputs[1].Shape;
        ref readonly Tensor weights = ref inputs[_gradient.Forward.Weighted ? 4 : 0];
        ArrayView<float> dx = Floats(outputs[0]);
        ResizeRule rule = _gradient.Forward.Rule;
        for (int n = 0; n < x.N; n++)
        {
            int target = new Place(outputs[0]).Image(n);
            _first(Stream, Flat(labels.H * x.W, x.C), Floats(inputs[0]), Bytes(inputs[1]), Floats(inputs[2]), Floats(inputs[3]),
                Floats(weights), _down is null ? dx : Workspace,
                new(new Place(inputs[0]).Image(n), new Place(inputs[1]).Image(n), inputs[2].Offset, new Place(inputs[3]).Image(n),
                    weights.Offset, _down is null ? target : 0, _gradient.Factor, new(_gradient.Forward, x.C), labels.H * x.W,
                    new(x.H, labels.H, rule), new(x.W, labels.W, rule), new(x.W, labels.W, rule), new(x.W)));
            _down?.Invoke(Stream, Flat(x.Plane, x.C), Workspace, dx, new(target, x.Plane, new(x.H, labels.H, rule), new(x.W)));
        }
    }

    [Kernel]
    internal static void Across(
        ArrayView<float> x, ArrayView<byte> labels, ArrayView<float> loss, ArrayView<float> logarithms, ArrayView<float> weights,
        ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Width.Quotient(i);
        int column = i - row * s.Width.Value;
        BilinearKernelAxis.Sample rows = s.Rows.At(row);
        int plane = s.X + Grid.IdxY * s.Rows.Input * s.Width.Value;
        int upper = plane + rows.First * s.Width.Value;
        int lower = plane + rows.Second * s.Width.Value;
        int before = KernelMath.Max(column - 1, 0);
        int after = KernelMath.Min(column + 1, s.Width.Value - 1);
        float left = Blend(x[upper + before], x[lower + before], rows.Weight);
        float middle = Blend(x[upper + column], x[lower + column], rows.Weight);
        float right = Blend(x[upper + after], x[lower + after], rows.Weight);
        float factor = s.FactorOf(loss);
        int end = s.Readers.End(column);
        float sum = 0f;
        for (int pixel = s.Readers.Begin(column); pixel < end; pixel++)
        {
            BilinearKernelAxis.Sample columns = s.Columns.At(pixel);
            float first = columns.First < column ? left : middle;
            float second = columns.First < column ? middle : right;
            sum += s.Readers.Weight(pixel, column)
                * s.Gradient(Blend(first, second, columns.Weight), row * s.Readers.Outputs + pixel, factor, labels, logarithms, weights);
        }
        y[s.Y + Grid.IdxY * s.Count + i] = sum;
    }

    [Kernel]
    internal static void Direct(
        ArrayView<float> x, ArrayView<byte> labels, ArrayView<float> loss, ArrayView<float> logarithms, ArrayView<float> weights,
        ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int element = Grid.IdxY * s.Count + i;
        y[s.Y + element] = s.Gradient(x[s.X + element], i, s.FactorOf(loss), labels, logarithms, weights);
    }

    [Kernel]
    internal static void Down(ArrayView<float> x, ArrayView<float> y, DownScalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Plane))
            return;
        int row = s.Width.Quotient(i);
        int column = i - row * s.Width.Value;
        int from = Grid.IdxY * s.Readers.Outputs * s.Width.Value + column;
        int end = s.Readers.End(row);
        float sum = 0f;
        for (int h = s.Readers.Begin(row); h < end; h++)
            sum += s.Readers.Weight(h, row) * x[from + h * s.Width.Value];
        y[s.Y + Grid.IdxY * s.Plane + i] = sum;
    }

    private static float Blend(float first, float second, float weight) => (1f - weight) * first + weight * second;

    /// <param name="X">Where the image's logits start.</param>
    /// <param name="Labels">Where its labels start.</param>
    /// <param name="Loss">Where the loss and the sum of weights lie.</param>
    /// <param name="Logarithms">Where its lse starts.</param>
    /// <param name="Weights">Where the class weights start.</param>
    /// <param name="Y">Where the results start.</param>
    /// <param name="Factor">The loss's share.</param>
    /// <param name="Weight">What a label counts.</param>
    /// <param name="Count">Results of a class.</param>
    /// <param name="Rows">The vertical axis of the interpolation.</param>
    /// <param name="Columns">The horizontal one.</param>
    /// <param name="Readers">Its transpose.</param>
    /// <param name="Width">Divides by the width of the logits.</param>
    internal readonly record struct Scalars(
        int X, int Labels, int Loss, int Logarithms, int Weights, int Y, float Factor, KernelLabelWeight Weight, int Count,
        BilinearKernelAxis Rows, BilinearKernelAxis Columns, BilinearGradientAxis Readers, Divisor Width)
    {
        /// <summary>The factor over the sum of weights; zero where that is zero or not finite.</summary>
        public float FactorOf(ArrayView<float> loss)
        {
            float sum = loss[Loss + 1];
            return sum != 0f && KernelMath.IsFinite(sum) ? KernelMath.Divide(Factor, sum) : 0f;
        }

        /// <summary>
        /// The gradient by the logit of the grid's class at a pixel; zero where the pixel does not count, whatever the
        /// logit.
        /// </summary>
        public float Gradient(
            float logit, int pixel, float factor, ArrayView<byte> labels, ArrayView<float> logarithms, ArrayView<float> weights)
        {
            int label = labels[Labels + pixel];
            float scale = factor * Weight.Of(label, weights, Weights);
            float probability = KernelMath.Exp(logit - logarithms[Logarithms + pixel]);
            float gradient = scale * (label == Grid.IdxY ? probability - 1f : probability);
            return scale == 0f ? 0f : gradient;
        }
    }

    /// <param name="Y">Where the image's results start.</param>
    /// <param name="Plane">Results of a class.</param>
    /// <param name="Readers">The transpose of the vertical axis.</param>
    /// <param name="Width">Divides by the width of the logits.</param>
    internal readonly record struct DownScalars(int Y, int Plane, BilinearGradientAxis Readers, Divisor Width);
}
