using System.Numerics;
using System.Runtime.InteropServices;

namespace SpGpu;

/// <summary>
/// Sums over the processes of a group, always from rank 0 on, so that they are the same in every process and in every run: what
/// a library sums has an order of its own choice.
/// </summary>
internal static class RankSum
{
    /// <summary>Numbers that are on their way at once.</summary>
    private const int MostAtOnce = 1 << 22;

    /// <summary>Replaces many numbers by their sums: each process adds up a part of them.</summary>
    public static void Sum(this IProcessGroup group, Span<float> values)
    {
        if (group.Count == 1)
            return;
        int share = Math.Clamp((values.Length + group.Count - 1) / group.Count, 1, MostAtOnce / group.Count);
        var given = new float[share * group.Count];
        var taken = new float[share * group.Count];
        for (; !values.IsEmpty; values = values[Math.Min(values.Length, given.Length)..])
        {
            Span<float> now = values[..Math.Min(values.Length, given.Length)];
            now.CopyTo(given);
            given.AsSpan(now.Length).Clear();
            group.Exchange(MemoryMarshal.AsBytes<float>(given), MemoryMarshal.AsBytes(taken.AsSpan()));
            Span<float> sums = taken.AsSpan(0, share);
            for (int rank = 1; rank < group.Count; rank++)
                Add(taken.AsSpan(rank * share, share), sums);
            group.Gather(MemoryMarshal.AsBytes(sums), MemoryMarshal.AsBytes(given.AsSpan()));
            given.AsSpan(0, now.Length).CopyTo(now);
        }
    }

    /// <summary>The sums of a few numbers.</summary>
    public static T[] SumOf<T>(this IProcessGroup group, ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        var sums = new T[values.Length];
        T[] all = group.GatherOf(values);
        for (int i = 0; i < all.Length; i++)
            sums[i % sums.Length] += all[i];
        return sums;
    }

    /// <summary>A few numbers of every process, one process after another.</summary>
    public static T[] GatherOf<T>(this IProcessGroup group, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var all = new T[values.Length * group.Count];
        group.Gather(MemoryMarshal.AsBytes(values), MemoryMarshal.AsBytes(all.AsSpan()));
        return all;
    }

    private static void Add(ReadOnlySpan<float> values, Span<float> sums)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Span<Vector<float>> vectorSums = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (int i = 0; i < vectors.Length; i++)
            vectorSums[i] += vectors[i];
        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
            sums[i] += values[i];
    }
}
