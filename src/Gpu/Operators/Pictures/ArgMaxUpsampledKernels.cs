using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<byte>, SpGpu.Gpu.Kernels.ArgMaxUpsampledKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The first largest channel of x interpolated; grid (pixels of the label map, images), one pixel
/// a thread, which finds its four neighbours once for all channels.
/// </summary>
internal sealed class ArgMaxUpsampledKernels(KernelDevice device, ArgMaxUpsampled argMax) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Largest);

    public override string Variant => "arg-max of upsampled logits";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape y = outputs[0].Shape;
        _launch(Stream, Flat(y.Plane, y.N), Floats(inputs[0]), Bytes(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), y.Plane, x.C, new(x.H, y.H, argMax.Rule), new(x.W, y.W, argMax.Rule), new(y.W)));
    }

    [Kernel]
    internal static void Largest(ArrayView<float> x, ArrayView<byte> y, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        int row = s.Width.Quotient(pixel);
        var point = new BilinearPoint(s.Columns.Input, s.Rows.At(row), s.Columns.At(pixel - row * s.Width.Value));
        int plane = s.X.Image(Grid.IdxY);
        int best = 0;
        // Every channel passes through the same code: a compiler may fuse other multiply-adds in another place, and
        // channels that are equal would differ.
        float largest = float.NaN;
        for (int c = 0; c < s.Channels; c++)
        {
            float value = point.Of(x, plane);
            plane += s.Rows.Input * s.Columns.Input;
            if (value > largest || (KernelMath.IsNaN(largest) && !KernelMath.IsNaN(value)))
            {
                largest = value;
                best = c;
            }
        }
        y[s.Y.Image(Grid.IdxY) + pixel] = (byte)best;
    }

    internal readonly record struct Scalars(
        Place X, Place Y, int Plane, int Channels, BilinearKernelAxis Rows, BilinearKernelAxis Columns, Divisor Width);
}
