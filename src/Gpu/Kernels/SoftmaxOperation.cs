using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.SoftmaxOperation.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y[c] = e^(x[c] - m) / sum of e^(x[k] - m), summed over k upwards; grid (pixels, images), one pixel a thread.
/// </summary>
internal sealed class SoftmaxOperation(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Channels);

    public override string Variant => "softmax";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        _launch(Stream, Flat(shape.Plane, shape.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), shape.C, shape.Plane));
    }

    [Kernel]
    internal static void Channels(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        int from = s.X.Image(Grid.IdxY) + pixel;
        int to = s.Y.Image(Grid.IdxY) + pixel;
        float largest = x[from];
        for (int c = 1; c < s.Channels; c++)
            largest = KernelMath.Max(largest, x[from + c * s.Plane]);
        float sum = 0f;
        for (int c = 0; c < s.Channels; c++)
            sum += KernelMath.Exp(x[from + c * s.Plane] - largest);
        float factor = KernelMath.Divide(1f, sum);
        for (int c = 0; c < s.Channels; c++)
            y[to + c * s.Plane] = KernelMath.Exp(x[from + c * s.Plane] - largest) * factor;
    }

    internal readonly record struct Scalars(Place X, Place Y, int Channels, int Plane);
}
