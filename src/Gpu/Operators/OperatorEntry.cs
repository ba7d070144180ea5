using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

/// <summary>What <see cref="OperatorRegister"/> knows of one operator.</summary>
/// <param name="Kernels">Prepares it for GPUs.</param>
/// <param name="Simd">Prepares it for the CPU.</param>
internal sealed record OperatorEntry(OperatorEntry.Factory<KernelDevice> Kernels, OperatorEntry.Factory<SimdDevice> Simd)
{
    /// <summary>Prepares an operator; the parameters are given where it packs any.</summary>
    public delegate Operation Factory<TDevice>(
        TDevice device, Specification specification, ReadOnlySpan<Shape> inputs, PackedWeights? weights);

    /// <summary>Packs its parameters for GPUs; null if it has none of its own.</summary>
    public OperatorRegister.Packer<KernelDevice, Specification>? PackKernels { get; init; }

    /// <summary>Packs its parameters for the CPU.</summary>
    public OperatorRegister.Packer<SimdDevice, Specification>? PackSimd { get; init; }
}
