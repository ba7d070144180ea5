using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Batch norm for inference, and its parts for training; norms of each image by itself.</summary>
internal static class NormFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<BatchNorm>(
            (device, _, weight, bias) => new BatchNormKernelWeights(device, weight, bias),
            (device, _, _, weights) => new BatchNormKernels(device, (BatchNormKernelWeights)weights),
            (_, _, weight, bias) => new BatchNormSimdWeights(weight, bias),
            (device, _, _, weights) => new BatchNormSimd(device.Team, (BatchNormSimdWeights)weights));
        register.Add<BatchStatistics>(
            (device, _, inputs) => new BatchStatisticsKernels(device, inputs[0]),
            (device, _, inputs) => new BatchStatisticsSimd(device.Team, device.Workspace, inputs[0]));
        register.Add<BatchNormTransform>(
            (device, _, _) => new BatchNormTransformKernels(device),
            (device, _, _) => new BatchNormTransformSimd(device.Team));
        register.Add<BatchNormGradient>(
            (device, gradient, inputs) => new BatchNormGradientKernels(device, gradient, inputs[0]),
            (device, gradient, inputs) => new BatchNormGradientSimd(device.Team, device.Workspace, gradient, inputs[0]));
        register.Add<RunningStatistics>(
            (device, running, _) => new RunningStatisticsKernels(device, running),
            (device, running, _) => new RunningStatisticsSimd(device.Team, running));
        register.Add<LayerNorm>(
            (device, _, _) => new LayerNormKernels(device),
            (device, _, _) => new LayerNormSimd(device.Team));
        register.Add<GroupNorm>(
            (device, norm, _) => new GroupNormKernels(device, norm),
            (device, norm, _) => new GroupNormSimd(device.Team, norm));
        register.Add<LayerNormGradient>(
            (device, _, _) => new LayerNormGradientKernels(device),
            (device, _, _) => new LayerNormGradientSimd(device.Team));
        register.Add<GroupNormGradient>(
            (device, gradient, _) => new GroupNormGradientKernels(device, gradient.Forward),
            (device, gradient, _) => new GroupNormGradientSimd(device.Team, gradient.Forward));
    }
}
