using SpGpu.Cli.Output;

namespace SpGpu.Cli;

/// <summary>
/// Whom a verb talks to: where results and errors go, and whether someone asks it to stop. The one door to the screen:
/// nothing else writes to the console, and every line that leaves has been made <see cref="Visible"/>.
/// </summary>
/// <param name="output">For results.</param>
/// <param name="error">For errors.</param>
/// <param name="isInteractive">Whether a person watches both.</param>
/// <param name="stop">Asks what takes long to stop.</param>
/// <param name="columns">How wide the screen that results go to is; it may change. None is a pipe or a file.</param>
/// <param name="watch">Told when someone looks at <paramref name="stop"/>.</param>
/// <param name="input">Opens what is piped into the tool.</param>
internal sealed class Terminal(
    TextWriter output, TextWriter error, bool isInteractive, CancellationToken stop, Func<int>? columns = null, Action? watch = null,
    Func<Stream>? input = null)
{
    private const string Name = "spgpu:";

    private readonly object _lock = new();
    private ProgressBar? _bar;
    private bool _isAside;

    /// <summary>The console of the process; of a screen that cannot move its cursor nobody wants a progress bar.</summary>
    public static Terminal OfProcess(StopSignals signals) => new(Console.Out, Console.Error,
        isInteractive: !Console.IsOutputRedirected && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        signals.Token, Console.IsOutputRedirected ? null : () => Console.WindowWidth, signals.Watch, Console.OpenStandardInput);

    /// <summary>Whether someone wants to know where errors happened.</summary>
    public bool ShowsTraces { get; set; }

    /// <summary>Asks what takes long to stop.</summary>
    public CancellationToken Stop
    {
        get
        {
            watch?.Invoke();
            return stop;
        }
    }

    /// <summary>What is piped into the tool; nothing where it runs inside of another program.</summary>
    public Stream OpenInput() => input?.Invoke() ?? Stream.Null;

    /// <summary>How wide the screen is; a pipe or a file takes any line.</summary>
    public int Columns => columns is null ? int.MaxValue : columns() is > 0 and int width ? width : Text.Columns;

    /// <summary>Lines of results go where errors go from here on: the output is for a program.</summary>
    public void LeaveOutput() => _isAside = true;

    /// <summary>Writes a line of results.</summary>
    public void Print(string line) => Write(_isAside ? error : output, line);

    /// <summary>Writes lines to the output, even where others do not go there.</summary>
    public void PrintOutput(string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
            Write(output, line);
    }

    /// <summary>Writes text behind a label, in as many lines as the screen needs.</summary>
    public void Print(string label, string text, int indent)
    {
        foreach (string line in Text.Labelled(label, text, indent, Columns))
            Print(line);
    }

    /// <summary>Says what was written, and where to.</summary>
    public void Wrote(string what) => Print("wrote", what, "wrote ".Length);

    /// <summary>Writes a line about progress, if someone is watching.</summary>
    public void Note(string line)
    {
        if (isInteractive)
            Print(line);
    }

    /// <summary>Writes an error: for a person in as many lines as the screen needs, for others as one.</summary>
    public void Complain(string message)
    {
        foreach (string line in Text.Labelled(Name, message, Name.Length + 1, isInteractive ? Columns : int.MaxValue))
            Write(error, line);
    }

    /// <summary>Writes what belongs to an error, line by line.</summary>
    public void Explain(string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
            Write(error, line);
    }

    /// <summary>Writes where an error happened, if someone wants to know.</summary>
    public void Trace(Exception error)
    {
        if (ShowsTraces)
            Explain(Place(error));

        // Line ends of a message, which may be those of a file's name, start no line here.
        static string Place(Exception error) =>
            $"{error.GetType()}: " +
            $"{Visible.Of(error.Message)}\n{error.StackTrace}{(error.InnerException is { } cause ? $"\ndue to {Place(cause)}" : "")}";
    }

    /// <summary>Throws if someone asked to stop.</summary>
    /// <exception cref="OperationCanceledException">Someone did.</exception>
    public void ThrowIfStopped() => Stop.ThrowIfCancellationRequested();

    /// <summary>Does something with each item, under a progress bar where there are several and someone is watching.</summary>
    /// <exception cref="OperationCanceledException">Someone asked to stop; the item at hand is done.</exception>
    public void ForEach<T>(string title, IReadOnlyCollection<T> items, Action<T> action)
    {
        ThrowIfStopped();
        // At once: an item may take long. It comes on the thread of the signal.
        using CancellationTokenRegistration asked = Stop.Register(() => Note("stopping after this one; Ctrl-C again to stop now"));
        if (isInteractive && items.Count > 1)
            _bar = new ProgressBar(output, title, items.Count, Text.Count, () => Columns);
        try
        {
            foreach (T item in items)
            {
                ThrowIfStopped();
                action(item);
                lock (_lock)
                    _bar?.Advance();
            }
        }
        finally
        {
            lock (_lock)
            {
                _bar?.Erase();
                _bar = null;
            }
        }
    }

    /// <summary>
    /// Does something that tells how many bytes of how many are done, where it knows that, under a progress bar where someone
    /// is watching.
    /// </summary>
    public void Transfer(string title, Action<Action<long, long?>> action)
    {
        try
        {
            action(Reach);
        }
        finally
        {
            lock (_lock)
            {
                _bar?.Erase();
                _bar = null;
            }
        }

        void Reach(long done, long? all)
        {
            if (!isInteractive || all is not > 0)
                return;
            lock (_lock)
            {
                // Where it begins anew, so does the time that is left.
                if (_bar is null || done < _bar.Done)
                {
                    _bar?.Erase();
                    _bar = new ProgressBar(output, title, all.Value, Text.Bytes, () => Columns, done);
                }
                _bar.Reach(done);
            }
        }
    }

    /// <summary>Lines go above the progress bar.</summary>
    private void Write(TextWriter writer, string line)
    {
        lock (_lock)
        {
            _bar?.Erase();
            try
            {
                writer.WriteLine(Visible.Of(line));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Of an error that nobody can be told, the exit code is left.
                if (writer == output)
                    throw new OutputException(
                        $"cannot write the output: {(failure is IOException ? WriteFailure.Describe(failure) : "it is closed")}", failure);
            }
            _bar?.Draw();
        }
    }
}
