using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Interpolation between grids, and its gradients.</summary>
internal static class ResamplingFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<Bilinear>(
            (device, bilinear, _) => new BilinearKernels(device, bilinear),
            (device, bilinear, inputs) => new BilinearSimd(device.Team, bilinear, inputs[0]));
        register.Add<BilinearGradient>(
            (device, gradient, _) => new BilinearGradientKernels(device, gradient),
            (device, gradient, inputs) => new BilinearGradientSimd(device.Team, gradient, inputs[0]));
        register.Add<UpsampleAddRelu>(
            (device, _, _) => new UpsampleAddReluKernels(device),
            (device, _, inputs) => new UpsampleAddReluSimd(device.Team, inputs));
        register.Add<AddInterpolated>(
            (device, _, _) => new AddInterpolatedKernels(device),
            (device, _, inputs) => new AddInterpolatedSimd(device.Team, inputs[0], inputs[2]));
    }
}
