using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AccumulateProbabilitiesKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Adds softmax(up(x)) of a window to a map of probabilities; grid (pixels of the window), one pixel a thread, which
/// interpolates each channel three times rather than to store it: for the largest, for the sum over channels upwards,
/// and for the result.
/// </summary>
internal sealed class AccumulateProbabilitiesKernels(KernelDevice device, AccumulateProbabilities accumulate) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Accumulate);

    public override string Variant => "accumulate probabilities";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Size2D window = accumulate.Window;
        int count = window.Height * window.Width;
        _launch(Stream, Flat(count, 1), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, x.C, accumulate.Map.Height * accumulate.Map.Width, accumulate.Map.Width,
                accumulate.Mirrored ? 1 : 0, new(x.H, window.Height, accumulate.Rule), new(x.W, window.Width, accumulate.Rule),
                new(window.Width)));
    }

    [Kernel]
    internal static void Accumulate(ArrayView<float> x, ArrayView<float> map, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Count))
            return;
        int row = s.Width.Quotient(pixel);
        int column = pixel - row * s.Width.Value;
        int to = s.Map.Image(0) + row * s.MapWidth + column;
        if (s.Mirrored != 0)
            column = s.Width.Value - 1 - column;
        var point = new BilinearPoint(s.Columns.Input, s.Rows.At(row), s.Columns.At(column));
        int from = s.X.Image(0);
        int plane = s.Rows.Input * s.Columns.Input;
        float largest = point.Of(x, from);
        for (int c = 1; c < s.Channels; c++)
            largest = KernelMath.Max(largest, point.Of(x, from + c * plane));
        float sum = 0f;
        for (int c = 0; c < s.Channels; c++)
            sum += KernelMath.Exp(point.Of(x, from + c * plane) - largest);
        float factor = KernelMath.Divide(1f, sum);
        for (int c = 0; c < s.Channels; c++)
            map[to + c * s.MapPlane] += KernelMath.Exp(point.Of(x, from + c * plane) - largest) * factor;
    }

    internal readonly record struct Scalars(
        Place X, Place Map, int Count, int Channels, int MapPlane, int MapWidth, int Mirrored,
        BilinearKernelAxis Rows, BilinearKernelAxis Columns, Divisor Width);
}
