using System.Collections;
using SpGpu.Gpu;

namespace SpGpu.Layers.Plans;

/// <summary>Bytes that a step reads or writes.</summary>
/// <param name="Memory">The block; null is the device's workspace.</param>
/// <param name="First">The first byte, of the workspace the first element.</param>
/// <param name="End">The one after the last.</param>
/// <param name="Writes">Whether it writes them.</param>
internal readonly record struct Touch(DeviceMemory? Memory, long First, long End, bool Writes)
{
    /// <summary>A place in the workspace.</summary>
    public static Touch Of(Allocation place) => new(null, place.Offset, (long)place.Offset + place.Length, Writes: true);

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

    /// <summary>
    /// Places in the workspace, one for each step that needs any, apart from those of the steps that may run before another
    /// step waits for it.
    /// </summary>
    /// <param name="after">For each step those that it comes after, as memory other than the workspace has it.</param>
    /// <param name="lengths">The 32-bit elements that each step needs.</param>
    public static Allocation?[] Workspace(int[][] after, IReadOnlyList<int> lengths)
    {
        int[] until = [.. after.Select((_, step) => step)];
        for (int step = after.Length - 1; step >= 0; step--)
        {
            foreach (int earlier in after[step])
                until[earlier] = step - 1;
        }
        return [.. lengths.Select((length, step) => length == 0 ? null : new Allocation(length, step) { LastStep = until[step] })];
    }
}
