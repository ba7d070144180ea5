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
        var taken = GC.AllocateUninitializedArray<float>(share * group.Count);
        while (values.Length >= taken.Length)
        {
            SumParts(group, values[..taken.Length], taken);
            values = values[taken.Length..];
        }
        if (values.IsEmpty)
            return;
        var rest = new float[(values.Length + group.Count - 1) / group.Count * group.Count];
        values.CopyTo(rest);
        SumParts(group, rest, taken.AsSpan(0, rest.Length));
        rest.AsSpan(0, values.Length).CopyTo(values);
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

    /// <summary>The same for a whole number of parts of one length, with room for as many numbers.</summary>
    private static void SumParts(IProcessGroup group, Span<float> values, Span<float> taken)
    {
        int share = values.Length / group.Count;
        group.Exchange(MemoryMarshal.AsBytes(values), MemoryMarshal.AsBytes(taken));
        Span<float> sums = taken[..share];
        for (int rank = 1; rank < group.Count; rank++)
            Add(taken.Slice(rank * share, share), sums);
        group.Gather(MemoryMarshal.AsBytes(sums), MemoryMarshal.AsBytes(values));
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
