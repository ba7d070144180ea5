using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AdaptiveAveragePoolGradientOperation.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// dx = the sum, row by row, over the bins that hold the pixel, of dy / the pixels of the bin. Row h is in the bins
/// [floor(hO/H), ceil((h+1)O/H)), the formula of the bins themselves with H and O in each other's place. Grid (elements
/// of an input image, images), one element a thread.
/// </summary>
internal sealed class AdaptiveAveragePoolGradientOperation : KernelOperation
{
    private readonly AdaptiveAveragePoolGradient _gradient;
    private readonly Launch _launch;

    public AdaptiveAveragePoolGradientOperation(KernelDevice device, AdaptiveAveragePoolGradient gradient, Shape bins) : base(device)
    {
        // The largest dividends are H * (O + 1) - 1 and O * (H + 1) - 1.
        if ((bins.H + 1L) * (gradient.Plane.Height + 1L) > int.MaxValue || (bins.W + 1L) * (gradient.Plane.Width + 1L) > int.MaxValue)
            throw new ShapeException($"{gradient.Name}: {bins} to {gradient.Plane} is too large for a GPU; use cpu");
        _gradient = gradient;
        _launch = device.Load<Launch>(Gather);
    }

    public override string Variant => _gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape dy = inputs[0].Shape;
        Shape dx = outputs[0].Shape;
        int count = (int)dx.ImageLength;
        _launch(Stream, Flat(count, dx.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, new(dx.H), new(dx.W), new(dy.H), new(dy.W)));
    }

    [Kernel]
    internal static void Gather(ArrayView<float> dy, ArrayView<float> dx, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Width.Quotient(i);
        int column = i - row * s.Width.Value;
        int channel = s.Height.Quotient(row);
        row -= channel * s.Height.Value;
        int plane = s.Dy.Image(Grid.IdxY) + channel * s.BinRows.Value * s.BinColumns.Value;
        int bottom = End(row, s.BinRows, s.Height);
        int right = End(column, s.BinColumns, s.Width);
        float sum = 0f;
        for (int h = Begin(row, s.BinRows, s.Height); h < bottom; h++)
        {
            int height = End(h, s.Height, s.BinRows) - Begin(h, s.Height, s.BinRows);
            for (int w = Begin(column, s.BinColumns, s.Width); w < right; w++)
            {
                int width = End(w, s.Width, s.BinColumns) - Begin(w, s.Width, s.BinColumns);
                sum += KernelMath.Divide(dy[plane + h * s.BinColumns.Value + w], height * width);
            }
        }
        dx[s.Dx.Image(Grid.IdxY) + i] = sum;
    }

    /// <summary>floor(i * of / by).</summary>
    private static int Begin(int i, Divisor of, Divisor by) => by.Quotient(i * of.Value);

    /// <summary>ceil((i + 1) * of / by).</summary>
    private static int End(int i, Divisor of, Divisor by) => by.Quotient((i + 1) * of.Value + by.Value - 1);

    /// <summary>Places, threads of an image, divisors by the extents of dx and of dy.</summary>
    internal readonly record struct Scalars(
        Place Dy, Place Dx, int Count, Divisor Height, Divisor Width, Divisor BinRows, Divisor BinColumns);
}
