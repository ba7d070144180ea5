using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.RunningStatisticsKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>r = (1 - m) * r + m * batch for mean and (unbiased) variance; grid (channels), a channel a thread.</summary>
internal sealed class RunningStatisticsKernels(KernelDevice device, RunningStatistics running) : KernelOperation(device)
{
    private readonly Launch _launch = device.Load<Launch>(Carry);

    public override string Variant => running.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int channels = inputs[0].Shape.C;
        _launch(Stream, Flat(channels, 1), Floats(inputs[0]), Floats(inputs[1]), Floats(outputs[0]), Floats(outputs[1]),
            new(new(inputs[0]), new(inputs[1]), new(outputs[0]), new(outputs[1]), channels,
                RunningStatistics.Momentum, (float)(running.Count / (running.Count - 1.0))));
    }

    [Kernel]
    internal static void Carry(
        ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> runningMean, ArrayView<float> runningVariance, Scalars s)
    {
        int c = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(c, s.Count))
            return;
        int m = s.RunningMean.Image(0) + c;
        int v = s.RunningVariance.Image(0) + c;
        runningMean[m] = (1f - s.Momentum) * runningMean[m] + s.Momentum * mean[s.Mean.Image(0) + c];
        runningVariance[v] = (1f - s.Momentum) * runningVariance[v] + s.Momentum * (s.Unbiased * variance[s.Variance.Image(0) + c]);
    }

    /// <summary>Places, channels, m, n / (n - 1).</summary>
    internal readonly record struct Scalars(
        Place Mean, Place Variance, Place RunningMean, Place RunningVariance, int Count, float Momentum, float Unbiased);
}
