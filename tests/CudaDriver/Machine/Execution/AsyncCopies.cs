using System.Numerics;
using SpGpu.PtxMachine.Program;

namespace SpGpu.PtxMachine.Execution;

/// <summary>
/// The copies to shared memory of a warp's threads that have been asked for. They are done as late as they may be: when
/// the thread waits for them. Until then what they write to belongs to nobody.
/// </summary>
internal sealed unsafe class AsyncCopies
{
    private readonly List<Copy> _open = [];

    /// <summary>Groups of copies that each lane has closed.</summary>
    private readonly int[] _closed = new int[Lanes.Count];

    public void Clear()
    {
        _open.Clear();
        Array.Clear(_closed);
    }

    public static void Issue(Warp warp, ref Instruction i, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            ulong target = i.IsWide ? warp.Row<ulong>(i.A)[lane] : warp.Row<uint>(i.A)[lane], source = warp.Row<ulong>(i.B)[lane];
            int bytes = (int)Math.Min(warp.Row<uint>(i.C)[lane], (uint)i.Size);
            var copy = new Copy { Lane = lane, Group = warp.Copies._closed[lane], Target = target, Size = i.Size };
            if (source % (ulong)i.Size != 0 && bytes > 0)
                throw warp.Fault(FaultKind.Misaligned, lane, source, $"a copy of {i.Size} bytes");
            // Bytes that are left out are zero, and not read.
            for (int n = 0; n < bytes; n++)
                copy.Bytes[n] = *warp.Group.Launch.Memory.Read(warp, lane, source + (ulong)n, 1);
            warp.Group.Shared.BeginCopy(warp, lane, target, i.Size);
            warp.Copies._open.Add(copy);
        }
    }

    public static void Commit(Warp warp, ref Instruction i, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
            warp.Copies._closed[BitOperations.TrailingZeroCount(mask)]++;
    }

    /// <summary>Waits until no more than so many of the last groups are open; -1 is for all copies.</summary>
    public static void Wait(Warp warp, ref Instruction i, uint mask)
    {
        List<Copy> open = warp.Copies._open;
        int kept = 0;
        for (int n = 0; n < open.Count; n++)
        {
            Copy copy = open[n];
            bool isDone = ((mask >> copy.Lane) & 1) != 0 && (i.Offset < 0 || copy.Group < warp.Copies._closed[copy.Lane] - i.Offset);
            if (isDone)
                Buffer.MemoryCopy(copy.Bytes, warp.Group.Shared.EndCopy(warp, copy.Lane, copy.Target, copy.Size), copy.Size, copy.Size);
            else
                open[kept++] = copy;
        }
        open.RemoveRange(kept, open.Count - kept);
    }

    private struct Copy
    {
        public int Lane, Group, Size;
        public ulong Target;
        public fixed byte Bytes[16];
    }
}
