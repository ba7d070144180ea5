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
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(Mix(Mix(seed + Golden) + (uint)epoch * Golden + Golden) + (uint)sample * Golden + Golden);

    /// <summary>The next number, uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (Mix(_state += Golden) >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next integer from 0 to <paramref name="last"/>, both included.</summary>
    public int NextInt(int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        return (int)(NextDouble() * (last + 1L));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
