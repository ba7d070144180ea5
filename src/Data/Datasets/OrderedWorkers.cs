using System.Runtime.ExceptionServices;

namespace SpGpu.Data.Datasets;

/// <summary>
/// Threads that make items 0, 1, 2 ... ahead of the one who takes them, in that order. One lock guards everything:
/// items are pictures, so there is nothing to gain from a finer one.
/// </summary>
internal sealed class OrderedWorkers<T> : IDisposable
{
    private readonly object _lock = new();
    private readonly Func<int, T> _make;
    private readonly int _count;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private readonly Thread[] _threads;

    // Item i waits at i % length; the difference of started and taken items never exceeds the length.
    private readonly Result?[] _results;
    private int _started;
    private int _taken;
    private bool _stopped;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many items there are.</param>
    /// <param name="make">Makes an item; called on several threads.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="ahead">The most items that are being made or wait to be taken.</param>
    /// <param name="cancellation">Stops the threads and wakes the one who waits.</param>
    public OrderedWorkers(int count, Func<int, T> make, int threads, int ahead, CancellationToken cancellation)
    {
        _count = count;
        _make = make;
        _results = new Result?[ahead];
        _cancellation = cancellation;
        _registration = cancellation.Register(Stop);
        _threads = new Thread[Math.Min(threads, count)];
        for (int i = 0; i < _threads.Length; i++)
        {
            // In the background, so that a program that forgets to dispose still ends.
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"spgpu data {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>The next item; waits for it, and throws what making it threw.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public T Take()
    {
        Result result;
        lock (_lock)
        {
            int slot = _taken % _results.Length;
            while (_results[slot] is null && !_stopped)
                Monitor.Wait(_lock);
            _cancellation.ThrowIfCancellationRequested();
            result = _results[slot]!;
            _results[slot] = null;
            _taken++;
            Monitor.PulseAll(_lock);
        }
        result.Error?.Throw();
        return result.Item!;
    }

    /// <summary>Ends the threads; waits for the items that they are at.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        Stop();
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Work()
    {
        while (true)
        {
            int index;
            lock (_lock)
            {
                while (_started < _count && _started - _taken >= _results.Length && !_stopped)
                    Monitor.Wait(_lock);
                if (_stopped || _started == _count)
                    return;
                index = _started++;
            }
            Result result = Make(index);
            lock (_lock)
            {
                _results[index % _results.Length] = result;
                Monitor.PulseAll(_lock);
            }
        }
    }

    private Result Make(int index)
    {
        try
        {
            return new Result(_make(index), null);
        }
        catch (Exception failed)
        {
            // Whatever it is, it belongs to the one who takes the item: on a thread of ours it would end the process.
            return new Result(default, ExceptionDispatchInfo.Capture(failed));
        }
    }

    private sealed record Result(T? Item, ExceptionDispatchInfo? Error);
}
