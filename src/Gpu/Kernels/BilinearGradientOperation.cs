using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.BilinearGradientOperation.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// dx = the sum over the outputs that read the element, each row's first, of dy times the weights of row and column; grid
/// (elements of an input image, images), one element a thread.
/// </summary>
internal sealed class BilinearGradientOperation(KernelDevice device, BilinearGradient gradient) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Gather);

    public override string Variant => gradient.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape dy = inputs[0].Shape;
        Shape dx = outputs[0].Shape;
        int count = (int)dx.ImageLength;
        _launch(Stream, Flat(count, dx.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, new(dx.H, dy.H), new(dx.W, dy.W), new(dx.H), new(dx.W)));
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
        int plane = s.Dy.Image(Grid.IdxY) + channel * s.Rows.Outputs * s.Columns.Outputs;
        int bottom = s.Rows.End(row);
        int left = s.Columns.Begin(column);
        int right = s.Columns.End(column);
        float sum = 0f;
        for (int h = s.Rows.Begin(row); h < bottom; h++)
        {
            float line = 0f;
            for (int w = left; w < right; w++)
                line += s.Columns.Weight(w, column) * dy[plane + h * s.Columns.Outputs + w];
            sum += s.Rows.Weight(h, row) * line;
        }
        dx[s.Dx.Image(Grid.IdxY) + i] = sum;
    }

    /// <summary>Places, threads of an image, the two axes, divisors by the extents of dx.</summary>
    internal readonly record struct Scalars(
        Place Dy, Place Dx, int Count, BilinearGradientAxis Rows, BilinearGradientAxis Columns, Divisor Height, Divisor Width);
}
