using System.Text;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Tells a driver that asks for it which tensors launches are given: kernels get whole blocks and offsets, from which no
/// driver could know. NVIDIA's does not ask; the one of the project's tests does, and reports what leaves the tensors.
/// </summary>
internal static unsafe class CudaTensors
{
    private static readonly delegate* unmanaged<byte*, Extent*, int, CudaError> _begin =
        (delegate* unmanaged<byte*, Extent*, int, CudaError>)CudaDriver.Find("spgpuBeginTensors");

    private static readonly delegate* unmanaged<CudaError> _end = (delegate* unmanaged<CudaError>)CudaDriver.Find("spgpuEndTensors");

    private enum Role
    {
        Input,
        Output,
        Updated,
        Scratch,
    }

    /// <summary>Whether the driver asks.</summary>
    public static bool AreWanted => _begin != null && _end != null;

    /// <summary>
    /// Says whose the launches to come are and what they may read and write, until <see cref="End"/>: inputs, outputs, which
    /// hold nothing at first unless they are updated, and workspace, which never does. What the driver minds it says at the
    /// launch.
    /// </summary>
    public static void Begin(
        string variant, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, Specification specification, KernelMemory? workspace,
        int offset, int length)
    {
        var extents = new Extent[inputs.Length + outputs.Length + (workspace is null ? 0 : 1)];
        int count = 0;
        foreach (ref readonly Tensor input in inputs)
            extents[count++] = Of(input, input.Shape.ImageLength, Role.Input);
        for (int n = 0; n < outputs.Length; n++)
        {
            ref readonly Tensor output = ref outputs[n];
            extents[count++] = Of(output, specification.Reach(output.Shape), specification.Updates(n) ? Role.Updated : Role.Output);
        }
        if (workspace is not null)
        {
            ulong start = workspace.Address + (sizeof(float) * (ulong)offset);
            extents[count] = new Extent(start, sizeof(float) * (ulong)length, 0, 1, Role.Scratch);
        }
        fixed (byte* name = Encoding.UTF8.GetBytes(variant + '\0'))
        fixed (Extent* first = extents)
            _ = _begin(name, first, extents.Length);
    }

    /// <summary>Takes back what was said last.</summary>
    public static void End() => _ = _end();

    private static Extent Of(in Tensor tensor, long elements, Role role)
    {
        ulong size = tensor.Type == DataType.Float32 ? sizeof(float) : (ulong)sizeof(byte);
        return new Extent(
            ((KernelMemory)tensor.Memory).Address + (size * (ulong)tensor.Offset), size * (ulong)elements, size * (ulong)tensor.BatchStride,
            (uint)tensor.Shape.N, role);
    }

    private readonly record struct Extent(ulong Start, ulong Bytes, ulong Stride, uint Pieces, Role Role);
}
