using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace SpGpu.Mpi;

/// <summary>
/// The processes that <c>mpirun</c> started together with this one. A thread of its own makes all calls of the library, which
/// allows only one to do so.
/// </summary>
public sealed unsafe class MpiGroup : IProcessGroup, IDisposable
{
    private readonly MpiLibrary _library;
    private readonly BlockingCollection<Action> _calls = [];
    private readonly Thread _thread;

    private MpiGroup(MpiLibrary library, int? localRank)
    {
        _library = library;
        _thread = new Thread(() =>
        {
            foreach (Action call in _calls.GetConsumingEnumerable())
                call();
        })
        { IsBackground = true, Name = "mpi" };
        _thread.Start();
        Call(library.Start);
        Call(() => (Rank, Count) = (library.Rank(), library.Size()));
        LocalRank = localRank ?? Rank;
    }

    /// <inheritdoc/>
    public int Rank { get; private set; }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>The number of this process among those on its machine; the rank where the library does not tell.</summary>
    public int LocalRank { get; }

    /// <summary>
    /// Connects this process with those that were started with it: by Open MPI's or MPICH's mpirun or by a scheduler, which is told from
    /// the environment (the variable SPGPU_MPI wins: openmpi, mpich or none). Null where it was started alone. Once a process.
    /// </summary>
    /// <remarks>Who fails calls <see cref="Abort"/> before the group is disposed of: the others wait for it.</remarks>
    /// <exception cref="ConfigurationException">The library cannot be loaded, or is not that of the mpirun.</exception>
    public static MpiGroup? Join()
    {
        if (MpiFlavour.Of(Environment.GetEnvironmentVariable) is not { } flavour)
            return null;
        // A library that a process alone uses sets such variables itself.
        int? started = MpiFlavour.Started(Environment.GetEnvironmentVariable);
        string? local = flavour.LocalRank.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => value is not null);
        var group = new MpiGroup(MpiLibrary.Load(flavour),
            int.TryParse(local, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null);
        if (started is null || started == group.Count)
            return group;
        // Each would do the work of all, into the same files.
        int found = group.Count;
        group.Dispose();
        throw new ConfigurationException(FormattableString.Invariant(
            $"{started} processes were started together, and {flavour.Name} connects {found}: it is not the library of their mpirun; ") +
            "unset SPGPU_MPI, or let it name that library");
    }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
    {
        Check(mine.Length, all.Length / Count, all.Length % Count);
        fixed (byte* from = mine, to = all)
        {
            (nint source, nint target, int length) = ((nint)from, (nint)to, mine.Length);
            Call(() => _library.Gather((void*)source, length, (void*)target));
        }
    }

    /// <inheritdoc/>
    public void Exchange(ReadOnlySpan<byte> given, Span<byte> taken)
    {
        Check(given.Length, taken.Length, given.Length % Count);
        fixed (byte* from = given, to = taken)
        {
            (nint source, nint target, int part) = ((nint)from, (nint)to, given.Length / Count);
            Call(() => _library.Exchange((void*)source, part, (void*)target));
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes)
    {
        fixed (byte* all = bytes)
        {
            (nint start, int length) = ((nint)all, bytes.Length);
            Call(() => _library.Broadcast((void*)start, length));
        }
    }

    /// <summary>Ends all processes, also those that wait for this one.</summary>
    /// <param name="exitCode">The exit code.</param>
    public void Abort(int exitCode) => Call(() => _library.Abort(exitCode));

    /// <summary>Leaves the group; waits until all do. A process that has failed calls <see cref="Abort"/> instead.</summary>
    public void Dispose()
    {
        if (_calls.IsAddingCompleted)
            return;
        Call(_library.Finish);
        _calls.CompleteAdding();
        _thread.Join();
        _calls.Dispose();
    }

    /// <summary>The rank and the number of processes: <c>MpiGroup 1 of 4</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(MpiGroup)} {Rank} of {Count}");

    private void Call(Action call)
    {
        using var done = new ManualResetEventSlim();
        Exception? failure = null;
        _calls.Add(() =>
        {
            try
            {
                call();
            }
            catch (Exception error)
            {
                failure = error;
            }
            done.Set();
        });
        done.Wait();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static void Check(int given, int taken, int rest)
    {
        if (given != taken || rest != 0)
            throw new ArgumentException($"{given} bytes into room for {taken}: each process has a part of the same length");
    }
}
