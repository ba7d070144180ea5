using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.AddInterpolatedKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>Adds x between tabled rows and columns; grid (elements of an output image, images), one element a thread.</summary>
internal sealed class AddInterpolatedKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Add);

    public override string Variant => "add interpolated";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape y = outputs[0].Shape;
        int count = (int)y.ImageLength;
        _launch(Stream, Flat(count, y.N), Floats(inputs[0]), Floats(inputs[1]), Floats(inputs[2]), Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(inputs[2]), new(outputs[0]), count, x.H, x.W, new(y.H), new(y.W)));
    }

    [Kernel]
    internal static void Add(ArrayView<float> x, ArrayView<float> rows, ArrayView<float> columns, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int line = s.OutputWidth.Quotient(i);
        int channel = s.OutputHeight.Quotient(line);
        int row = s.Rows.Image(0) + 3 * (line - channel * s.OutputHeight.Value);
        int column = s.Columns.Image(0) + 3 * (i - line * s.OutputWidth.Value);
        int top = Within((int)rows[row], s.Height);
        int bottom = Within((int)rows[row] + 1, s.Height);
        int left = Within((int)columns[column], s.Width);
        int right = Within((int)columns[column] + 1, s.Width);
        float first = columns[column + 1];
        float second = columns[column + 2];
        int plane = s.X.Image(Grid.IdxY) + channel * s.Height * s.Width;
        float upper = first * x[plane + top * s.Width + left] + second * x[plane + top * s.Width + right];
        float lower = first * x[plane + bottom * s.Width + left] + second * x[plane + bottom * s.Width + right];
        y[s.Y.Image(Grid.IdxY) + i] += rows[row + 1] * upper + rows[row + 2] * lower;
    }

    private static int Within(int index, int extent) => KernelMath.Max(0, KernelMath.Min(index, extent - 1));

    /// <summary>Places, threads of an image, height and width of x, divisors by those of the output.</summary>
    internal readonly record struct Scalars(
        Place X, Place Rows, Place Columns, Place Y, int Count, int Height, int Width, Divisor OutputHeight, Divisor OutputWidth);
}
