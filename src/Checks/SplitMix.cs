namespace SpGpu.Checks;

/// <summary>The splitmix64 generator: the same numbers on every machine and in every version of .NET.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next() => SplitMix64.Mix(_state += SplitMix64.Step);

    /// <summary>An integer from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)((Next() >> 32) * (ulong)limit >> 32);

    /// <summary>A float of 24 random bits between -<paramref name="most"/> and <paramref name="most"/>.</summary>
    public float Within(float most) => most * ((Next() >> 40) * (2f / (1 << 24)) - 1f);
}
