using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>From pixels to a network, and from its logits to labels.</summary>
internal static class PictureFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<NormalizeRgb>(
            (device, normalize, _) => new NormalizeRgbKernels(device, normalize),
            (device, normalize, _) => new NormalizeRgbSimd(device.Team, normalize));
        register.Add<ArgMaxUpsampled>(
            (device, argMax, _) => new ArgMaxUpsampledKernels(device, argMax),
            (device, argMax, inputs) => new ArgMaxUpsampledSimd(device.Team, argMax, inputs[0]));
        register.Add<AccumulateProbabilities>(
            (device, accumulate, _) => new AccumulateProbabilitiesKernels(device, accumulate),
            (device, accumulate, inputs) => new AccumulateProbabilitiesSimd(device.Team, accumulate, inputs[0]));
    }
}
