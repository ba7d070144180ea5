using System.Runtime.InteropServices;
using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>The factors of all channels, then their offsets.</summary>
internal sealed class BatchNormKernelWeights : PackedWeights
{
    private readonly KernelMemory _memory;

    public BatchNormKernelWeights(KernelDevice device, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        float[] packed = [.. weight, .. bias];
        _memory = KernelMemory.Of(device, MemoryMarshal.AsBytes<float>(packed));
    }

    public ArrayView<float> Packed => _memory.Floats;

    private protected override void Dispose(bool disposing) => _memory.Dispose();
}
