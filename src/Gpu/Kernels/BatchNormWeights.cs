using System.Runtime.InteropServices;
using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>The factors of all channels, then their offsets.</summary>
internal sealed class BatchNormWeights : Weights
{
    private readonly DeviceMemory _memory;

    public BatchNormWeights(KernelDevice device, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        _memory = device.Allocate(weight.Length + bias.Length);
        _memory.Upload(MemoryMarshal.AsBytes(weight), 0);
        _memory.Upload(MemoryMarshal.AsBytes(bias), weight.Length * sizeof(float));
    }

    public ArrayView<float> Packed => ((KernelMemory)_memory).Floats;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _memory.Dispose();
    }
}
