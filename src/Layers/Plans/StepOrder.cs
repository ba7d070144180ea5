using System.Collections;
using SpGpu.Gpu;

namespace SpGpu.Layers.Plans;

/// <summary>Bytes that a step reads or writes.</summary>
/// <param name="Memory">The block; null is the device's workspace.</param>
/// <param name="First">The first byte.</param>
/// <param name="End">The one after the last.</param>
/// <param name="Writes">Whether it writes them.</param>
internal readonly record struct Touch(DeviceMemory? Memory, long First, long End, bool Writes)
{
    /// <summary>The workspace, which every step that uses it uses from its start.</summary>
    public static Touch OfWorkspace { get; } = new(null, 0, 1, Writes: true);

    /// <summary>All from the first element of a tensor to <paramref name="reach"/> elements into its last image.</summary>
    public static Touch Of(Tensor tensor, long reach, bool writes)
    {
        int size = tensor.Type == DataType.Float32 ? sizeof(float) : sizeof(byte);
        long end = tensor.Offset + (tensor.Shape.N - 1L) * tensor.BatchStride + reach;
        return new Touch(tensor.Memory, (long)tensor.Offset * size, end * size, writes);
    }

    /// <summary>Whether the order of the two matters.</summary>
    public bool Meets(Touch other) =>
        (Writes || other.Writes) && Memory == other.Memory && First < other.End && other.First < End;
}

/// <summary>Which steps of a plan have to wait for which: for those that touch the same memory, unless both only read it.</summary>
internal static class StepOrder
{
    /// <summary>For each step the earlier ones that it has to come after, without those that come before one of them.</summary>
    public static int[][] After(IReadOnlyList<IReadOnlyList<Touch>> touches)
    {
        var after = new int[touches.Count][];
        var before = new BitArray[touches.Count];
        for (int step = 0; step < after.Length; step++)
        {
            var nearest = new List<int>();
            before[step] = new BitArray(after.Length);
            for (int earlier = step - 1; earlier >= 0; earlier--)
            {
                if (before[step][earlier] || !touches[step].Any(touch => touches[earlier].Any(touch.Meets)))
                    continue;
                nearest.Add(earlier);
                before[step].Or(before[earlier]);
                before[step][earlier] = true;
            }
            after[step] = [.. nearest];
        }
        return after;
    }
}
