using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<byte>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.NormalizeRgbKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Pixels N,H,W,3 of bytes to planes N,3,H,W of floats, (x - mean) / deviation; grid (pixels, images), one pixel a
/// thread.
/// </summary>
internal sealed class NormalizeRgbKernels(KernelDevice device, NormalizeRgb normalize) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Normalize);

    public override string Variant => normalize.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        _launch(Stream, Flat(shape.Plane, shape.N), Bytes(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), shape.Plane,
                new(normalize.Colours, 0), new(normalize.Colours, 1), new(normalize.Colours, 2)));
    }

    [Kernel]
    internal static void Normalize(ArrayView<byte> x, ArrayView<float> y, Scalars s)
    {
        int pixel = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(pixel, s.Plane))
            return;
        int from = s.X.Image(Grid.IdxY) + 3 * pixel;
        int to = s.Y.Image(Grid.IdxY) + pixel;
        y[to] = s.Red.Normalize(x[from]);
        y[to + s.Plane] = s.Green.Normalize(x[from + 1]);
        y[to + 2 * s.Plane] = s.Blue.Normalize(x[from + 2]);
    }

    internal readonly record struct Scalars(Place X, Place Y, int Plane, Colour Red, Colour Green, Colour Blue);

    /// <summary>Mean and deviation of one channel.</summary>
    internal readonly struct Colour(ColourStatistics colours, int channel)
    {
        private readonly float _mean = colours.Mean[channel];
        private readonly float _deviation = colours.Deviation[channel];

        public float Normalize(byte value) => KernelMath.Divide(value - _mean, _deviation);
    }
}
