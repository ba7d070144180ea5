using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Matrices taken apart.</summary>
internal static class DecompositionFamily
{
    public static void Register(OperatorRegister register)
    {
        register.Add<MatrixDecomposition>(
            (device, decomposition, inputs) => new MatrixDecompositionKernels(device, decomposition, decomposition.Name, inputs[0]),
            (device, decomposition, inputs) =>
                new MatrixDecompositionSimd(device.Team, device.Workspace, decomposition, decomposition.Name, inputs[0]));
        register.Add<MatrixDecompositionGradient>(
            (device, gradient, inputs) => new MatrixDecompositionKernels(device, gradient.Forward, gradient.Name, inputs[1]),
            (device, gradient, inputs) =>
                new MatrixDecompositionSimd(device.Team, device.Workspace, gradient.Forward, gradient.Name, inputs[1]));
    }
}
