using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.LayerNormGradientKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The mean of a pixel's channels, then the squares of the deviations from it and the sums with dy, then dx, each summed over c
/// upwards; grid (pixels, images), one pixel a thread.
/// </summary>
internal sealed class LayerNormGradientKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Channels);

    public override string Variant => "layer norm gradient";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        _launch(Stream, Flat(shape.Plane, shape.N), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(outputs[0]), shape.C, shape.Plane, 1f / shape.C, (float)BatchNorm.Epsilon));
    }

    [Kernel]
    internal static void Channels(ArrayView<float> dy, ArrayView<float> x, ArrayView<float> dx, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        int gradient = s.Dy.Image(Grid.IdxY) + pixel;
        int from = s.X.Image(Grid.IdxY) + pixel;
        int to = s.Dx.Image(Grid.IdxY) + pixel;
        float sum = 0f;
        for (int c = 0; c < s.Channels; c++)
            sum += x[from + c * s.Plane];
        float mean = sum * s.Share;
        float squares = 0f;
        float gradients = 0f;
        float products = 0f;
        for (int c = 0; c < s.Channels; c++)
        {
            float deviation = x[from + c * s.Plane] - mean;
            float given = dy[gradient + c * s.Plane];
            squares += deviation * deviation;
            gradients += given;
            products += given * deviation;
        }
        float factor = KernelMath.Divide(1f, KernelMath.Sqrt(squares * s.Share + s.Epsilon));
        float slope = products * s.Share * factor * factor;
        for (int c = 0; c < s.Channels; c++)
        {
            float direct = dy[gradient + c * s.Plane] - gradients * s.Share;
            dx[to + c * s.Plane] = (direct - (x[from + c * s.Plane] - mean) * slope) * factor;
        }
    }

    /// <summary>Places, channels, pixels, one over the channels, eps.</summary>
    internal readonly record struct Scalars(Place Dy, Place X, Place Dx, int Channels, int Plane, float Share, float Epsilon);
}
