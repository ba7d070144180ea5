namespace SpGpu.Layers.Tests;

/// <summary>A group of processes that are threads of one, so that what processes do together needs none to be tested.</summary>
internal sealed class ThreadGroup : IProcessGroup
{
    private readonly Meeting _meeting;

    private ThreadGroup(Meeting meeting, int rank) => (_meeting, Rank) = (meeting, rank);

    public int Rank { get; }

    public int Count => _meeting.Given.Length;

    /// <summary>Does the work of every process at once; the first failure ends all.</summary>
    public static void Run(int count, Action<IProcessGroup> work)
    {
        using var meeting = new Meeting(count);
        var failures = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                work(new ThreadGroup(meeting, rank));
            }
            catch (Exception failure)
            {
                lock (failures)
                    failures.Add(failure);
                meeting.GiveUp();
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        if (failures.Count > 0)
            throw failures.FirstOrDefault(failure => failure is not OperationCanceledException) ?? failures[0];
    }

    public void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
    {
        _meeting.Given[Rank] = mine.ToArray();
        _meeting.Wait();
        for (int rank = 0; rank < Count; rank++)
            _meeting.Given[rank].CopyTo(all[(rank * mine.Length)..]);
        _meeting.Wait();
    }

    public void Exchange(ReadOnlySpan<byte> given, Span<byte> taken)
    {
        int part = given.Length / Count;
        _meeting.Given[Rank] = given.ToArray();
        _meeting.Wait();
        for (int rank = 0; rank < Count; rank++)
            _meeting.Given[rank].AsSpan(Rank * part, part).CopyTo(taken[(rank * part)..]);
        _meeting.Wait();
    }

    public void Broadcast(Span<byte> bytes)
    {
        _meeting.Given[Rank] = bytes.ToArray();
        _meeting.Wait();
        _meeting.Given[0].CopyTo(bytes);
        _meeting.Wait();
    }

    private sealed class Meeting(int count) : IDisposable
    {
        private readonly Barrier _barrier = new(count);
        private readonly CancellationTokenSource _end = new();

        public byte[][] Given { get; } = new byte[count][];

        public void Wait() => _barrier.SignalAndWait(_end.Token);

        public void GiveUp() => _end.Cancel();

        public void Dispose()
        {
            _barrier.Dispose();
            _end.Dispose();
        }
    }
}
