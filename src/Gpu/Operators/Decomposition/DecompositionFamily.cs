using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>Matrices taken apart.</summary>
internal static class DecompositionFamily
{
    public static void Register(OperatorRegister register) => register.Add<MatrixDecomposition>(
        (device, decomposition, inputs) => new MatrixDecompositionKernels(device, decomposition, inputs[0]),
        (device, decomposition, inputs) => new MatrixDecompositionSimd(device.Team, device.Workspace, decomposition, inputs[0]));
}
