using System.Runtime.InteropServices;

namespace SpGpu.Cli;

/// <summary>
/// Asks the tool to stop when someone types Ctrl-C, closes its window, or the system ends it: docker stop, systemd,
/// Slurm, a shutdown.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // Neither is disposed: a signal may come at the very end.
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _isWatched;

    public StopSignals()
    {
        // On Windows these are Ctrl-C, Ctrl-Break, the closed window and the shutdown; elsewhere SIGQUIT asks for a core dump.
        PosixSignal[] signals = OperatingSystem.IsWindows()
            ? [PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTERM]
            : [PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGTERM];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Someone looks at the token from here on. What does not, such as reading a file, is ended at once.</summary>
    public void Watch() => _isWatched = true;

    /// <summary>Says that the tool has ended.</summary>
    public void Dispose()
    {
        _ended.Set();
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (!_isWatched)
            Environment.Exit(ExitCode.Interrupted);
        bool typed = signal.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT;
        // Typed again it ends the process at once. What the system sends often comes twice, to the process and to its group.
        signal.Cancel = !(typed && _stop.IsCancellationRequested);
        if (!signal.Cancel)
            TemporaryFile.RemoveUnfinished();
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException)
        {
            // Someone who is told could not pass it on, as where output goes to a full disk; all are told all the same.
        }
        // Windows ends the process as soon as this returns.
        if (OperatingSystem.IsWindows() && !typed)
            _ended.Wait();
    }
}
