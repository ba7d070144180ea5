using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Softmax, losses, the choice of hard examples, and gradients.</summary>
internal static class LossFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<Softmax>(
            (device, _, _) => new SoftmaxKernels(device),
            (device, _, _) => new SoftmaxSimd(device.Team));
        register.Add<SoftmaxGradient>(
            (device, _, _) => new SoftmaxGradientKernels(device),
            (device, _, _) => new SoftmaxGradientSimd(device.Team));
        register.Add<CrossEntropy>(
            (device, loss, inputs) => new CrossEntropyKernels(device, loss, inputs[1]),
            (device, loss, inputs) => new CrossEntropySimd(device.Team, loss, inputs));
        register.Add<CrossEntropyGradient>(
            (device, gradient, inputs) => new CrossEntropyGradientKernels(device, gradient, inputs),
            (device, gradient, inputs) => new CrossEntropyGradientSimd(device.Team, gradient, inputs));
        register.Add<HardExamples>(
            (device, examples, inputs) => new HardExamplesKernels(device, examples, inputs[1]),
            (device, examples, inputs) => new HardExamplesSimd(device.Team, device.Workspace, examples, inputs));
    }
}
