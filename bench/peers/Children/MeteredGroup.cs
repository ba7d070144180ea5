using System.Diagnostics;

namespace SpGpu.Peers.Children;

/// <summary>A group that counts what this process says to the others, and how long it waits for them and for their bytes.</summary>
internal sealed class MeteredGroup(IProcessGroup group) : IProcessGroup
{
    public int Rank => group.Rank;

    public int Count => group.Count;

    /// <summary>Calls since the last <see cref="Reset"/>.</summary>
    public int Calls { get; private set; }

    /// <summary>Bytes of this process that others get, each counted once for each of them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Seconds in calls.</summary>
    public double Seconds { get; private set; }

    public void Reset() => (Calls, Bytes, Seconds) = (0, 0, 0);

    public void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
    {
        long start = Stopwatch.GetTimestamp();
        group.Gather(mine, all);
        Add(start, (long)mine.Length * (Count - 1));
    }

    public void Exchange(ReadOnlySpan<byte> given, Span<byte> taken)
    {
        long start = Stopwatch.GetTimestamp();
        group.Exchange(given, taken);
        Add(start, given.Length - given.Length / Count);
    }

    public void Broadcast(Span<byte> bytes)
    {
        long start = Stopwatch.GetTimestamp();
        group.Broadcast(bytes);
        Add(start, Rank == 0 ? (long)bytes.Length * (Count - 1) : 0);
    }

    private void Add(long start, long bytes)
    {
        Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        Bytes += bytes;
        Calls++;
    }
}
