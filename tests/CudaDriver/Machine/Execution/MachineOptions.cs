namespace SpGpu.PtxMachine.Execution;

/// <summary>How kernels are executed.</summary>
internal sealed record MachineOptions
{
    /// <summary>Decides in which order groups, warps and lanes that are apart come.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Whether the lanes of a warp that took different ways meet again as soon as they can; otherwise they stay apart until a
    /// barrier or an instruction of the whole warp, as GPUs since Volta are free to let them.
    /// </summary>
    public bool Together { get; init; } = true;

    /// <summary>Whether races are looked for.</summary>
    public bool Races { get; init; } = true;

    /// <summary>Instructions of a warp, after which a group is taken for one that never ends.</summary>
    public long MostSteps { get; init; } = 1L << 32;
}
