namespace SpGpu.Models.Tests.Weights.Fuzzing;

/// <summary>A small random generator whose stream depends on its 64-bit seed alone, today and in later .NETs.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
        return bits ^ bits >> 31;
    }

    /// <summary>A number from 0 up to and without the limit.</summary>
    public int Next(int limit) => (int)(Next() % (ulong)limit);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];
}
