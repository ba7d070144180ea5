using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, SpGpu.Gpu.Kernels.MovingAverageKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>average = average + share * (value - average); one value a thread, or four.</summary>
internal sealed class MovingAverageKernels(KernelDevice device, MovingAverage average) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => average.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int length = inputs[1].Shape.W;
        bool vector = (length & 3) == 0 && AreAligned(inputs[1..]) && AreAligned(outputs);
        int count = vector ? length >> 2 : length;
        (vector ? _vector : _scalar)(Stream, Flat(count, 1), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]),
            new(inputs[0].Offset, inputs[1].Offset, outputs[0].Offset, count));
    }

    [Kernel]
    internal static void Scalar(ArrayView<float> share, ArrayView<float> values, ArrayView<float> averages, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        float average = averages[s.Averages + i];
        averages[s.Averages + i] = average + share[s.Share] * (values[s.Values + i] - average);
    }

    [Kernel(Vectors = true)]
    internal static void Vector(ArrayView<float> share, ArrayView<float> values, ArrayView<float> averages, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        i *= 4;
        Float4 average = Float4.Load(averages, s.Averages + i);
        average.Add(share[s.Share], Float4.Load(values, s.Values + i) - average);
        Float4.Store(averages, s.Averages + i, average);
    }

    /// <summary>Where the share, the values and the averages start; threads with work.</summary>
    internal readonly record struct Scalars(int Share, int Values, int Averages, int Count);
}
