using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Pooling in windows and bins, and its gradients.</summary>
internal static class PoolingFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<AdaptiveAveragePool>(
            (device, pool, inputs) => new AdaptiveAveragePoolKernels(device, pool, inputs[0]),
            (device, pool, inputs) => new AdaptiveAveragePoolSimd(device.Team, pool, inputs[0]));
        register.Add<AdaptiveAveragePoolGradient>(
            (device, gradient, inputs) => new AdaptiveAveragePoolGradientKernels(device, gradient, inputs[0]),
            (device, gradient, inputs) => new AdaptiveAveragePoolGradientSimd(device.Team, gradient, inputs[0]));
        register.Add<AveragePool>(
            (device, pool, _) => new AveragePoolKernels(device, pool),
            (device, pool, inputs) => new AveragePoolSimd(device.Team, pool, inputs[0]));
        register.Add<AveragePoolGradient>(
            (device, gradient, _) => new AveragePoolGradientKernels(device, gradient),
            (device, gradient, inputs) => new AveragePoolGradientSimd(device.Team, gradient, inputs[0]));
        register.Add<MaxPool>(
            (device, pool, _) => new MaxPoolKernels(device, pool),
            (device, pool, inputs) => new MaxPoolSimd(device.Team, pool, inputs[0]));
        register.Add<MaxPoolGradient>(
            (device, gradient, inputs) => new MaxPoolGradientKernels(device, gradient, inputs[0]),
            (device, gradient, inputs) => new MaxPoolGradientSimd(device.Team, gradient.Forward, inputs[1]));
    }
}
