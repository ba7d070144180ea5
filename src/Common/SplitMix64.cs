namespace SpGpu;

/// <summary>
/// The splitmix64 generator's two halves (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014): number n of the stream from s is <c>Mix(s + n * Step)</c>, n from 1. The same on every machine and in every
/// version of .NET.
/// </summary>
internal static class SplitMix64
{
    /// <summary>From one state to the next: 2^64 divided by the golden ratio, made odd.</summary>
    public const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>64 well-mixed bits from a state.</summary>
    public static ulong Mix(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }

    /// <summary>The upper 53 bits as a number in [0, 1).</summary>
    public static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
