using System.Numerics;
using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Program;

namespace SpGpu.PtxMachine.Counting;

/// <summary>Counts what the launches of a kernel execute, instruction by instruction.</summary>
internal sealed unsafe class KernelCounts(Kernel kernel)
{
    private const int SectorBits = 5, Banks = 32, WordBytes = 4;
    private readonly InstructionKind[] _kinds = [.. kernel.Statements.Select(InstructionKinds.Of)];
    private readonly Tally[] _tallies = new Tally[kernel.Instructions.Length];

    public Kernel Kernel => kernel;

    public IReadOnlyList<InstructionKind> Kinds => _kinds;

    /// <summary>A tally for each instruction.</summary>
    public IReadOnlyList<Tally> Tallies => _tallies;

    public long Launches { get; set; }

    /// <summary>Counts an instruction of some lanes.</summary>
    public void Count(int at, uint mask)
    {
        _tallies[at].Warps++;
        _tallies[at].Threads += BitOperations.PopCount(mask);
    }

    /// <summary>Counts what an access to memory costs, after it was done.</summary>
    public void CountAccess(Warp warp, ref Instruction i, int at, uint mask)
    {
        switch (_kinds[at])
        {
            case InstructionKind.GlobalLoad or InstructionKind.GlobalStore:
                CountSectors(ref _tallies[at], warp.Addresses, i.Size * i.Count, mask);
                break;
            case InstructionKind.SharedLoad or InstructionKind.SharedStore:
                CountPasses(ref _tallies[at], warp.Addresses, i.Size * i.Count, mask);
                break;
            case InstructionKind.Copy:
                CountCopy(warp, ref i, at, mask);
                break;
        }
    }

    private void CountCopy(Warp warp, ref Instruction i, int at, uint mask)
    {
        ulong* targets = stackalloc ulong[Lanes.Count];
        uint reading = 0;
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            targets[lane] = i.IsWide ? warp.Row<ulong>(i.A)[lane] : warp.Row<uint>(i.A)[lane];
            reading |= warp.Row<uint>(i.C)[lane] > 0 ? 1u << lane : 0;
        }
        CountPasses(ref _tallies[at], targets, i.Size, mask);
        if ((mask & reading) != 0)
            CountSectors(ref _tallies[at], warp.Row<ulong>(i.B), i.Size, mask & reading);
    }

    private static void CountSectors(ref Tally tally, ulong* addresses, int size, uint mask)
    {
        Span<ulong> sorted = stackalloc ulong[Lanes.Count];
        sorted = Chosen(addresses, mask, sorted);
        int distinct = 0, sectors = 0;
        for (int n = 0; n < sorted.Length; n++)
        {
            distinct += n == 0 || sorted[n] != sorted[n - 1] ? 1 : 0;
            sectors += n == 0 || sorted[n] >> SectorBits != sorted[n - 1] >> SectorBits ? 1 : 0;
        }
        tally.Requests++;
        tally.Sectors += sectors;
        tally.LeastSectors += ((distinct * size) + (1 << SectorBits) - 1) >> SectorBits;
    }

    private static void CountPasses(ref Tally tally, ulong* addresses, int size, uint mask)
    {
        int words = Math.Max(size / WordBytes, 1), lanes = Lanes.Count / words;
        Span<ulong> room = stackalloc ulong[Lanes.Count];
        int* inBank = stackalloc int[Banks];
        for (int first = 0; first < Lanes.Count; first += lanes)
        {
            uint part = mask & (uint)(((1ul << lanes) - 1) << first);
            if (part == 0)
                continue;
            new Span<int>(inBank, Banks).Clear();
            ulong last = ulong.MaxValue;
            foreach (ulong address in Chosen(addresses, part, room))
            {
                ulong word = address / WordBytes;
                for (int n = 0; n < words && word != last; n++)
                    inBank[(word + (ulong)n) % Banks]++;
                last = word;
            }
            tally.LeastPasses++;
            tally.Passes += new Span<int>(inBank, Banks).ToArray().Max();
        }
    }

    /// <summary>The addresses of some lanes, in order.</summary>
    private static Span<ulong> Chosen(ulong* addresses, uint mask, Span<ulong> room)
    {
        int count = 0;
        for (; mask != 0; mask &= mask - 1)
            room[count++] = addresses[BitOperations.TrailingZeroCount(mask)];
        room[..count].Sort();
        return room[..count];
    }
}
