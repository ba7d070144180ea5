using SpGpu.PtxMachine.Execution;

namespace SpGpu.PtxMachine.Program;

/// <summary>What an instruction does with the order of execution.</summary>
internal enum Flow : byte
{
    None,
    Branch,
    Exit,

    /// <summary>All threads of the group meet.</summary>
    GroupBarrier,

    /// <summary>All lanes of the warp do it at once.</summary>
    WarpWide,
}

/// <summary>What an instruction does with registers and memory, for some lanes of a warp.</summary>
internal readonly unsafe struct Operation(delegate*<Warp, ref Instruction, uint, void> run)
{
    public readonly delegate*<Warp, ref Instruction, uint, void> Run = run;
}

/// <summary>An instruction in the form that is executed: registers and constants are rows of a warp's file.</summary>
internal unsafe struct Instruction
{
    public delegate*<Warp, ref Instruction, uint, void> Run;
    public Flow Flow;

    /// <summary>A branch that promises to be the same for all lanes.</summary>
    public bool IsUniform;

    public bool IsGuardNegated;

    /// <summary>Whether the address is one of 64 bits.</summary>
    public bool IsWide;

    /// <summary>The row of the predicate that guards it, or -1.</summary>
    public int Guard;

    public int D, A, B, C;

    /// <summary>Where a branch leads, and where its lanes meet again (-1: nowhere before the end).</summary>
    public int Target, Reconverge;

    /// <summary>Bytes of an element in memory, and elements.</summary>
    public int Size, Count;

    /// <summary>What is added to an address, or a number of its own.</summary>
    public long Offset;

    /// <summary>The registers of a vector.</summary>
    public int[] Rows;

    /// <summary>What it reads and what it sets.</summary>
    public int[] Sources, Destinations;
}
