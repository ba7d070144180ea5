using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Steps of optimisers, and the average of what they reach.</summary>
internal static class OptimizerFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<SgdStep>(
            (device, step, _) => new SgdStepKernels(device, step),
            (device, step, _) => new SgdStepSimd(device.Team, step));
        register.Add<AdamStep>(
            (device, step, _) => new AdamStepKernels(device, step),
            (device, step, _) => new AdamStepSimd(device.Team, step));
        register.Add<MovingAverage>(
            (device, average, _) => new MovingAverageKernels(device, average),
            (device, _, _) => new MovingAverageSimd(device.Team));
    }
}
