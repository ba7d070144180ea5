using ILGPU;
using ILGPU.Runtime;
using GradientLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.SoftmaxGradientKernels.Scalars>;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.SoftmaxKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y[c] = e^(x[c] - m) / sum of e^(x[k] - m), summed over k upwards; grid (pixels, images), one pixel a thread.
/// </summary>
internal sealed class SoftmaxKernels(KernelDevice device) : KernelOperation(device)
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

/// <summary>
/// dx[c] = y[c] * (dy[c] - sum of dy[k] * y[k]), summed over k upwards; grid (pixels, images), one pixel a thread.
/// </summary>
internal sealed class SoftmaxGradientKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly GradientLaunch _launch = device.Load<GradientLaunch>(Channels);

    public override string Variant => "softmax gradient";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        _launch(Stream, Flat(shape.Plane, shape.N), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(outputs[0]), shape.C, shape.Plane));
    }

    [Kernel]
    internal static void Channels(ArrayView<float> dy, ArrayView<float> y, ArrayView<float> dx, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        int gradient = s.Dy.Image(Grid.IdxY) + pixel;
        int from = s.Y.Image(Grid.IdxY) + pixel;
        int to = s.Dx.Image(Grid.IdxY) + pixel;
        float sum = 0f;
        for (int c = 0; c < s.Channels; c++)
            sum += dy[gradient + c * s.Plane] * y[from + c * s.Plane];
        for (int c = 0; c < s.Channels; c++)
            dx[to + c * s.Plane] = y[from + c * s.Plane] * (dy[gradient + c * s.Plane] - sum);
    }

    internal readonly record struct Scalars(Place Dy, Place Y, Place Dx, int Channels, int Plane);
}
