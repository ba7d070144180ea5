using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.UpsampleAddReluKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = relu((s0 + up(s1)) + up(s2)); grid (elements of an image, images), one element a thread, or four of one row.
/// </summary>
internal sealed class UpsampleAddReluKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => "upsample-add-relu";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape shape = inputs[0].Shape;
        Shape one = inputs[1].Shape;
        Shape two = inputs[2].Shape;
        bool vector = (shape.W & 3) == 0 && IsAligned(inputs[0]) && IsAligned(outputs[0]);
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(inputs[0]), Floats(inputs[1]), Floats(inputs[2]),
            Floats(outputs[0]),
            new(new(inputs[0]), new(inputs[1]), new(inputs[2]), new(outputs[0]), count,
                Axis(one.H, shape.H), Axis(one.W, shape.W), Axis(two.H, shape.H), Axis(two.W, shape.W),
                new(shape.H), new(shape.W / width)));
    }

    [Kernel]
    internal static void Scalar(ArrayView<float> zero, ArrayView<float> one, ArrayView<float> two, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        int column = i - row * s.Row.Value;
        row -= channel * s.Height.Value;
        var first = new BilinearPoint(s.OneColumns.Input, s.OneRows.At(row), s.OneColumns.At(column));
        var second = new BilinearPoint(s.TwoColumns.Input, s.TwoRows.At(row), s.TwoColumns.At(column));
        float sum = zero[s.Zero.Image(n) + i]
            + first.Of(one, s.One.Image(n) + channel * s.OneRows.Input * s.OneColumns.Input)
            + second.Of(two, s.Two.Image(n) + channel * s.TwoRows.Input * s.TwoColumns.Input);
        y[s.Y.Image(n) + i] = KernelMath.Relu(sum);
    }

    [Kernel(Vectors = true)]
    internal static void Vector(ArrayView<float> zero, ArrayView<float> one, ArrayView<float> two, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        int column = 4 * (i - row * s.Row.Value);
        row -= channel * s.Height.Value;
        Float4 sum = Float4.Load(zero, s.Zero.Image(n) + 4 * i)
            + BilinearKernels
                .Four(one, s.One.Image(n) + channel * s.OneRows.Input * s.OneColumns.Input, s.OneRows.At(row), column, s.OneColumns)
            + BilinearKernels
                .Four(two, s.Two.Image(n) + channel * s.TwoRows.Input * s.TwoColumns.Input, s.TwoRows.At(row), column, s.TwoColumns);
        Float4.Store(y, s.Y.Image(n) + 4 * i, Float4.Relu(sum));
    }

    private static BilinearKernelAxis Axis(int input, int output) => new(input, output, ResizeRule.CornerAligned);

    /// <summary>Places, threads of an image, the axes of the two small inputs, divisors by H and by the threads of a row.</summary>
    internal readonly record struct Scalars(
        Place Zero, Place One, Place Two, Place Y, int Count,
        BilinearKernelAxis OneRows, BilinearKernelAxis OneColumns, BilinearKernelAxis TwoRows, BilinearKernelAxis TwoColumns,
        Divisor Height, Divisor Row);
}
