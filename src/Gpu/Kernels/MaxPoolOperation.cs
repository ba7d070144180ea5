using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.MaxPoolOperation.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y = the largest value under the window, row by row; NaN wins, padding is minus infinity. Grid (elements of an
/// output image, images), one element a thread.
/// </summary>
internal sealed class MaxPoolOperation(KernelDevice device, MaxPool pool) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Largest);

    public override string Variant => pool.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Shape x = inputs[0].Shape;
        Shape y = outputs[0].Shape;
        int count = (int)y.ImageLength;
        _launch(Stream, Flat(count, y.N), Floats(inputs[0]), Floats(outputs[0]),
            new(new(inputs[0]), new(outputs[0]), count, x.H, x.W, pool.Kernel, pool.Stride, pool.Padding, new(y.H), new(y.W)));
    }

    [Kernel]
    internal static void Largest(ArrayView<float> x, ArrayView<float> y, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.OutWidth.Quotient(i);
        int channel = s.OutHeight.Quotient(row);
        int left = (i - row * s.OutWidth.Value) * s.Stride - s.Padding;
        int top = (row - channel * s.OutHeight.Value) * s.Stride - s.Padding;
        int right = KernelMath.Min(left + s.Kernel, s.Width);
        int bottom = KernelMath.Min(top + s.Kernel, s.Height);
        int plane = s.X.Image(Grid.IdxY) + channel * s.Height * s.Width;
        float largest = float.NegativeInfinity;
        for (int h = KernelMath.Max(top, 0); h < bottom; h++)
        {
            for (int w = KernelMath.Max(left, 0); w < right; w++)
                largest = KernelMath.Max(largest, x[plane + h * s.Width + w]);
        }
        y[s.Y.Image(Grid.IdxY) + i] = largest;
    }

    /// <summary>Places, threads of an image, the input's plane, the window, divisors by the output's extents.</summary>
    internal readonly record struct Scalars(
        Place X, Place Y, int Count, int Height, int Width, int Kernel, int Stride, int Padding, Divisor OutHeight, Divisor OutWidth);
}
