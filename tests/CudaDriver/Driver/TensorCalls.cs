using System.Runtime.InteropServices;
using SpGpu.PtxMachine.Memory;

namespace SpGpu.CudaDriver;

/// <summary>
/// Calls that no other driver has: callers say what the launches to come are given. An operator may run another within
/// itself, and goes on with its own tensors afterwards.
/// </summary>
internal static unsafe class TensorCalls
{
    private static readonly Stack<(string Name, Extent[] Tensors)> _operators = [];

    /// <summary>What holds nothing, since the last launch.</summary>
    private static readonly List<Extent> _undefined = [];

    /// <summary>The operator of a launch that comes now, and its tensors; no name and null where nobody says.</summary>
    public static (string Operator, IReadOnlyList<Extent>? Tensors) Current =>
        _operators.TryPeek(out (string Name, Extent[] Tensors) current) ? current : ("", null);

    /// <summary>What was said to hold nothing before the launch that asks.</summary>
    public static IReadOnlyList<Extent> TakeUndefined()
    {
        Extent[] taken = [.. _undefined];
        _undefined.Clear();
        return taken;
    }

    [UnmanagedCallersOnly(EntryPoint = "spgpuBeginTensors")]
    public static int Begin(byte* name, Extent* extents, int count) => Driver.Call("spgpuBeginTensors", () =>
    {
        Extent[] told = new ReadOnlySpan<Extent>(extents, count).ToArray();
        _operators.Push((Marshal.PtrToStringUTF8((IntPtr)name) ?? "", told));
        foreach (Extent extent in told)
        {
            ulong bytes = ((extent.Pieces - 1) * extent.Stride) + extent.Bytes;
            if (!Driver.Memory.Has(extent.Start, bytes))
                throw new CudaException(CudaError.InvalidValue, $"a tensor of {bytes} bytes at 0x{extent.Start:x} lies in no allocation");
        }
        _undefined.AddRange(told.Where(extent => extent.IsUndefined));
    });

    [UnmanagedCallersOnly(EntryPoint = "spgpuEndTensors")]
    public static int End() => Driver.Call("spgpuEndTensors", () => _operators.TryPop(out _));
}
