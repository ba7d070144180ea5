namespace SpGpu.PtxMachine.Execution;

/// <summary>Random numbers that a seed decides: SplitMix64 (Steele, Lea and Flood, 2014).</summary>
internal struct Sequence(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number below a limit; the numbers are as good as equally likely.</summary>
    public int Below(int limit)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)(((z ^ (z >> 31)) >> 32) * (ulong)limit >> 32);
    }
}
