namespace SpGpu.Data.Transforms;

/// <summary>
/// Random numbers for one sample of one epoch: splitmix64 as a counter-based generator. They depend on the seed, the
/// epoch and the sample alone, not on threads, on batches, or on what was drawn for other samples.
/// </summary>
/// <param name="seed">The seed of the run.</param>
/// <param name="epoch">The epoch, from 0.</param>
/// <param name="sample">The index of the sample in its dataset.</param>
public sealed class SampleRandom(ulong seed, int epoch, int sample)
{
    private ulong _state = Fold(Fold(SplitMix64.Mix(seed + SplitMix64.Step), (uint)epoch), (uint)sample);

    /// <summary>The next number, uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => SplitMix64.ToUnit(SplitMix64.Mix(_state += SplitMix64.Step));

    /// <summary>The next integer from 0 to <paramref name="last"/>, both included.</summary>
    public int NextInt(int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        return (int)(NextDouble() * (last + 1L));
    }

    private static ulong Fold(ulong state, uint number) => SplitMix64.Mix(state + (number + 1UL) * SplitMix64.Step);
}
