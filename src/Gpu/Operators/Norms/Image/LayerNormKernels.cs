using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.LayerNormKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The mean of a pixel's channels, the squares of the deviations from it, then the result, each summed over c upwards; grid
/// (pixels, images), one pixel a thread.
/// </summary>
internal sealed class LayerNormKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Channels);

    public override string Variant => "layer norm";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        _launch(Stream, Flat(shape.Plane, shape.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), shape.C, shape.Plane, 1f / shape.C, (float)BatchNorm.Epsilon));
    }

    [Kernel]
    internal static void Channels(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        int from = s.X.Image(Grid.IdxY) + pixel;
        int to = s.Y.Image(Grid.IdxY) + pixel;
        float sum = 0f;
        for (int c = 0; c < s.Channels; c++)
            sum += x[from + c * s.Plane];
        float mean = sum * s.Share;
        float squares = 0f;
        for (int c = 0; c < s.Channels; c++)
        {
            float deviation = x[from + c * s.Plane] - mean;
            squares += deviation * deviation;
        }
        float factor = KernelMath.Divide(1f, KernelMath.Sqrt(squares * s.Share + s.Epsilon));
        for (int c = 0; c < s.Channels; c++)
            y[to + c * s.Plane] = (x[from + c * s.Plane] - mean) * factor;
    }

    /// <summary>Places, channels, pixels, one over the channels, eps.</summary>
    internal readonly record struct Scalars(Place X, Place Y, int Channels, int Plane, float Share, float Epsilon);
}
