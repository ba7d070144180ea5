namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>A kernel's main loop in machine code.</summary>
internal sealed class MachineLoop
{
    private readonly MachineInstruction[] _body;

    private MachineLoop(MachineInstruction[] body) => _body = body;

    /// <summary>
    /// The loop that most multiply-adds lie in, or most loads where there are none; what lies in a loop inside it is not its
    /// own. Null for a kernel without loops.
    /// </summary>
    public static MachineLoop? OfMost(MachineListing listing)
    {
        Range[] loops = [.. listing.Loops().OrderBy(Length)];
        IEnumerable<(Range Loop, int MultiplyAdds, int Loads)> candidates =
            from place in listing.Instructions.Index()
            let inner = loops.Where(loop => loop.Start.Value <= place.Index && place.Index < loop.End.Value).Take(1)
            from loop in inner
            group place.Item by loop into own
            select (own.Key, own.Sum(instruction => instruction.MultiplyAdds), own.Count(IsLoad));
        return candidates.OrderByDescending(loop => loop.MultiplyAdds).ThenByDescending(loop => loop.Loads)
            .Select(loop => new MachineLoop([.. listing.Instructions.Take(loop.Loop)])).FirstOrDefault();
    }

    public int Instructions => _body.Length;

    /// <summary>Stall counts added up: the cycles of a pass of one warp that nothing else keeps waiting.</summary>
    public int Cycles => _body.Sum(instruction => instruction.Stall);

    public int FusedMultiplyAdds => _body.Count(instruction => instruction.Name == "FFMA");

    public int TensorProducts => _body.Count(instruction => instruction.Name == "HMMA");

    /// <summary>Loads of global memory, those that copy it to shared memory too.</summary>
    public IEnumerable<MachineInstruction> GlobalLoads => _body.Where(IsGlobal);

    public IEnumerable<MachineInstruction> SharedLoads => _body.Where(instruction => instruction.LoadsShared);

    /// <summary>
    /// The most loads of global memory that are on their way at once: a load is until an instruction waits for its scoreboard,
    /// a copy until so few groups of them are let be.
    /// </summary>
    public int GlobalLoadsInFlight => InFlight(IsGlobal);

    /// <summary>The most loads of shared memory that are on their way at once.</summary>
    public int SharedLoadsInFlight => InFlight(instruction => instruction.LoadsShared);

    private int InFlight(Func<MachineInstruction, bool> counts)
    {
        // Scoreboards of loads under way, in a pass after another; copies are counted by groups, the open one last.
        var loads = new List<int>();
        var copies = new Queue<int>();
        int open = 0, most = 0;
        foreach (MachineInstruction instruction in _body.Concat(_body))
        {
            loads.RemoveAll(instruction.WaitsFor);
            if (instruction.Name == "DEPBAR")
            {
                int left = Convert.ToInt32(instruction.Operands.Split(',')[1].Trim(), 16);
                while (copies.Count > left)
                    copies.Dequeue();
            }
            if (instruction.Name == "LDGDEPBAR")
            {
                copies.Enqueue(open);
                open = 0;
            }
            if (!counts(instruction))
                continue;
            if (instruction.Copies)
                open++;
            else if (instruction.Scoreboard is int scoreboard)
                loads.Add(scoreboard);
            most = Math.Max(most, loads.Count + copies.Sum() + open);
        }
        return most;
    }

    private static bool IsGlobal(MachineInstruction instruction) => instruction.LoadsGlobal || instruction.Copies;

    private static bool IsLoad(MachineInstruction instruction) => IsGlobal(instruction) || instruction.LoadsShared;

    private static int Length(Range range) => range.End.Value - range.Start.Value;
}
