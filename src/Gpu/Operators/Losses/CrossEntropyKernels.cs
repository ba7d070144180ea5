using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<byte>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.CrossEntropyKernels.Scalars>;
using TotalLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, int, int>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// lse = log of the sum over c of e^up(x)[c]; loss = sum of w[t] * (lse - up(x)[t]) / sum of w[t]. First one pixel a
/// thread, grid (pixels, images), each group adding up its own in a tree; then one group adds up the groups, each of its
/// threads every 64th or 256th of them upwards.
/// </summary>
internal sealed class CrossEntropyKernels : KernelOperation
{
    private readonly KernelDevice _device;
    private readonly CrossEntropy _loss;
    private readonly Launch _pixels;
    private readonly TotalLaunch _total;

    public CrossEntropyKernels(KernelDevice device, CrossEntropy loss, Shape labels) : base(device)
    {
        _device = device;
        _loss = loss;
        _pixels = device.Load<Launch>(Pixels);
        _total = device.Load<TotalLaunch>(Total);
        device.Workspace.Reserve(2 * labels.N * Groups(labels.Plane, device.GroupSize));
    }

    public override string Variant => "cross entropy";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape labels = inputs[1].Shape;
        ref readonly Tensor weights = ref inputs[_loss.Weighted ? 2 : 0];
        _pixels(Stream, Flat(labels.Plane, labels.N), Floats(inputs[0]), Bytes(inputs[1]), Floats(weights), Floats(outputs[1]), Workspace,
            new(new(inputs[0]), new(inputs[1]), new(outputs[1]), weights.Offset, new(_loss, x.C), labels.Plane, x.C,
                new(x.H, labels.H, _loss.Rule), new(x.W, labels.W, _loss.Rule), new(labels.W)));
        _total(Stream, Config(_device.GroupSize, 1), Workspace, Floats(outputs[0]), labels.N * Groups(labels.Plane, _device.GroupSize),
            outputs[0].Offset);
    }

    [Kernel]
    internal static void Pixels(
        ArrayView<float> x, ArrayView<byte> labels, ArrayView<float> weights, ArrayView<float> logarithms, ArrayView<float> sums, Scalars s)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        int pixel = KernelMath.GlobalIndex();
        float loss = 0f;
        float weight = 0f;
        if (KernelMath.InRange(pixel, s.Plane))
        {
            int label = labels[s.Labels.Image(Grid.IdxY) + pixel];
            weight = s.Weight.Of(label, weights, s.Weights);
            int row = s.Width.Quotient(pixel);
            var point = new BilinearPoint(s.Columns.Input, s.Rows.At(row), s.Columns.At(pixel - row * s.Width.Value));
            int plane = s.X.Image(Grid.IdxY);
            float largest = float.NegativeInfinity;
            float sum = 0f;
            float own = 0f;
            // The sum is kept as a multiple of e^largest. NaN gets into it by the power.
            for (int c = 0; c < s.Channels; c++)
            {
                float value = point.Of(x, plane);
                plane += s.Rows.Input * s.Columns.Input;
                float above = value - largest;
                float power = KernelMath.Exp(above > 0f ? -above : above);
                sum = above > 0f ? sum * power + 1f : sum + power;
                largest = above > 0f ? value : largest;
                own = c == label ? value : own;
            }
            float logarithm = largest + KernelMath.Log(sum);
            logarithms[s.Logarithms.Image(Grid.IdxY) + pixel] = logarithm;
            if (weight != 0f)
                loss = weight * (logarithm - own);
        }
        loss = GroupSum.Of(shared, loss);
        weight = GroupSum.Of(shared, weight);
        if (Group.IdxX == 0)
        {
            int group = Grid.IdxY * Grid.DimX + Grid.IdxX;
            sums[2 * group] = loss;
            sums[2 * group + 1] = weight;
        }
    }

    [Kernel]
    internal static void Total(ArrayView<float> sums, ArrayView<float> result, int groups, int place)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(KernelDevice.MostThreads);
        float loss = 0f;
        float weight = 0f;
        for (int group = Group.IdxX; group < groups; group += Group.DimX)
        {
            loss += sums[2 * group];
            weight += sums[2 * group + 1];
        }
        loss = GroupSum.Of(shared, loss);
        weight = GroupSum.Of(shared, weight);
        if (Group.IdxX == 0)
        {
            result[place] = KernelMath.Divide(loss, weight);
            result[place + 1] = weight;
        }
    }

    /// <param name="X">Place of the logits.</param>
    /// <param name="Labels">Place of the labels.</param>
    /// <param name="Logarithms">Place of lse.</param>
    /// <param name="Weights">Where the class weights start.</param>
    /// <param name="Weight">What a label counts.</param>
    /// <param name="Plane">Pixels of an image.</param>
    /// <param name="Channels">Classes.</param>
    /// <param name="Rows">The vertical axis.</param>
    /// <param name="Columns">The horizontal axis.</param>
    /// <param name="Width">Divides by the width of the labels.</param>
    internal readonly record struct Scalars(
        Place X, Place Labels, Place Logarithms, int Weights, KernelLabelWeight Weight, int Plane, int Channels,
        BilinearKernelAxis Rows, BilinearKernelAxis Columns, Divisor Width);
}
