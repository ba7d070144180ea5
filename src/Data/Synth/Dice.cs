namespace SpGpu.Data.Synth;

/// <summary>Random numbers by SplitMix64: a few integer operations, the same everywhere and in every version of .NET.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public static ulong Mix(ulong x)
    {
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
        x = (x ^ x >> 27) * 0x94D049BB133111EB;
        return x ^ x >> 31;
    }

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Evenly from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public double Range(double low, double high) => low + (high - low) * ((Next() >> 11) * (1.0 / (1UL << 53)));

    /// <summary>From -<paramref name="reach"/> to <paramref name="reach"/>, the middle more often.</summary>
    public double Around(double reach) => (Range(-reach, reach) + Range(-reach, reach)) / 2;

    public int Count(int low, int highest) => low + (int)(Next() % (ulong)(highest - low + 1));

    public bool Chance(double probability) => Range(0, 1) < probability;

    public T Pick<T>(IReadOnlyList<T> from) => from[Count(0, from.Count - 1)];

    /// <summary>A sequence of its own, so that what one part of a scene draws does not shift the others.</summary>
    public Dice Fork() => new(Next());
}
