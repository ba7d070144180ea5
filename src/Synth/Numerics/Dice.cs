namespace SpGpu.Synth.Numerics;

/// <summary>Random numbers by SplitMix64: a few integer operations, the same everywhere and in every version of .NET.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next() => SplitMix64.Mix(_state += SplitMix64.Step);

    /// <summary>Evenly from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public double Range(double low, double high) => low + (high - low) * SplitMix64.ToUnit(Next());

    /// <summary>From -<paramref name="reach"/> to <paramref name="reach"/>, the middle more often.</summary>
    public double Around(double reach) => (Range(-reach, reach) + Range(-reach, reach)) / 2;

    public int Count(int low, int highest) => low + (int)(Next() % (ulong)(highest - low + 1));

    public bool Chance(double probability) => Range(0, 1) < probability;

    public T Pick<T>(IReadOnlyList<T> from) => from[Count(0, from.Count - 1)];

    /// <summary>A sequence of its own, so that what one part of a scene draws does not shift the others.</summary>
    public Dice Fork() => new(Next());
}
