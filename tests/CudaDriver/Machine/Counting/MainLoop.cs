using SpGpu.PtxMachine.Program;

namespace SpGpu.PtxMachine.Counting;

/// <summary>
/// The loop that a kernel spends its time in: of those that make at least half of its products (of its instructions, where
/// it multiplies nothing) the shortest. A loop is what lies between a branch back and where it leads.
/// </summary>
internal static class MainLoop
{
    /// <summary>The sums of the loop's instructions; null for a kernel without such a loop.</summary>
    public static Tally? Of(KernelCounts counts)
    {
        long[] work = [.. counts.Tallies.Zip(counts.Kinds, (tally, kind) =>
            kind is InstructionKind.MultiplyAdd or InstructionKind.TensorProduct ? tally.Threads : 0)];
        if (work.Sum() == 0)
            work = [.. counts.Tallies.Select(tally => tally.Threads)];
        Range[] loops = [.. Loops(counts.Kernel.Instructions).Where(loop => 2 * work[loop].Sum() >= work.Sum())];
        return loops.Length == 0 ? null : Tally.Sum(counts.Tallies.Take(loops.MinBy(loop => loop.End.Value - loop.Start.Value)));
    }

    private static IEnumerable<Range> Loops(Instruction[] code)
    {
        for (int n = 0; n < code.Length; n++)
        {
            if (code[n].Flow == Flow.Branch && code[n].Target <= n)
                yield return code[n].Target..(n + 1);
        }
    }
}
