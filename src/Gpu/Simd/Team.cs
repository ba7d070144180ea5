namespace SpGpu.Gpu.Simd;

/// <summary>Work that a <see cref="Team"/> divides among its threads.</summary>
internal interface ITeamWork
{
    /// <summary>Does share <paramref name="worker"/> of <paramref name="workers"/>; shares run at the same time.</summary>
    void Execute(int worker, int workers);
}

/// <summary>
/// A fixed team of threads. The caller takes share 0 and returns when all shares are done. Threads spin for about a
/// millisecond after an operator (the next one follows at once inside a plan) and sleep when no work comes.
/// By hand rather than with the thread pool: a parallel loop of the pool allocates and decides anew each time how
/// many threads take part.
/// </summary>
internal sealed class Team : IDisposable
{
    private const int Spins = 2000;

    private readonly Thread[] _threads;
    private readonly AutoResetEvent[] _wake;
    private readonly AutoResetEvent _done = new(false);
    private readonly bool[] _asleep;
    private ITeamWork? _work;
    private volatile int _round;
    private volatile bool _stop;
    private int _remaining;
    private int _callerWaits;
    private Exception? _error;

    public Team(int size)
    {
        Size = size;
        _threads = new Thread[size - 1];
        _wake = new AutoResetEvent[size - 1];
        _asleep = new bool[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _wake[i] = new AutoResetEvent(false);
            _threads[i] = new Thread(() => Serve(index)) { IsBackground = true, Name = $"SpGpu {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of threads, the caller's included.</summary>
    public int Size { get; }

    /// <summary>Runs all shares of the work. One caller at a time, and not while the team is disposed.</summary>
    public void Run(ITeamWork work)
    {
        // Threads that have ended would be waited for without end.
        ObjectDisposedException.ThrowIf(_stop, this);
        if (_threads.Length == 0)
        {
            work.Execute(0, 1);
            return;
        }
        _work = work;
        _error = null;
        Volatile.Write(ref _remaining, _threads.Length);
        Interlocked.Increment(ref _round);
        for (int i = 0; i < _threads.Length; i++)
        {
            if (Interlocked.Exchange(ref _asleep[i], false))
                _wake[i].Set();
        }
        try
        {
            work.Execute(0, Size);
        }
        finally
        {
            var spinner = new SpinWait();
            for (int i = 0; i < Spins && Volatile.Read(ref _remaining) > 0; i++)
                spinner.SpinOnce(sleep1Threshold: -1);
            Interlocked.Exchange(ref _callerWaits, 1);
            // A signal may be left over from a round that ended while the caller still spun, hence the loop.
            while (Volatile.Read(ref _remaining) > 0)
                _done.WaitOne();
            Volatile.Write(ref _callerWaits, 0);
            _work = null;
        }
        if (_error is { } error)
            throw new InvalidOperationException("an operator failed on a worker thread", error);
    }

    public void Dispose()
    {
        if (_stop)
            return;
        _stop = true;
        Interlocked.Increment(ref _round);
        foreach (AutoResetEvent wake in _wake)
            wake.Set();
        foreach (Thread thread in _threads)
            thread.Join();
        foreach (AutoResetEvent wake in _wake)
            wake.Dispose();
        _done.Dispose();
    }

    private void Serve(int index)
    {
        int seen = 0;
        while (true)
        {
            var spinner = new SpinWait();
            for (int i = 0; i < Spins && _round == seen; i++)
                spinner.SpinOnce(sleep1Threshold: -1);
            while (_round == seen && !_stop)
            {
                // A full fence: the flag must be seen before the round is read again, or a caller in between would wake
                // nobody. The round may also have moved on just before the flag was set.
                Interlocked.Exchange(ref _asleep[index], true);
                if (_round != seen && Interlocked.Exchange(ref _asleep[index], false))
                    break;
                _wake[index].WaitOne();
            }
            if (_stop)
                return;
            seen = _round;
            try
            {
                _work!.Execute(index + 1, Size);
            }
            catch (Exception error)
            {
                // Handed to the caller: an exception that leaves a thread ends the process.
                Interlocked.CompareExchange(ref _error, error, null);
            }
            if (Interlocked.Decrement(ref _remaining) == 0 && Volatile.Read(ref _callerWaits) != 0)
                _done.Set();
        }
    }
}
