using Spectre.Console;

namespace SpGpu.Cli;

/// <summary>Whom a verb talks to: where results and errors go, and whether someone asks it to stop.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive, CancellationToken stop)
{
    /// <summary>The console while a progress bar is on it: lines must then go above the bar.</summary>
    private IAnsiConsole? _console;

    /// <summary>For results.</summary>
    public TextWriter Out => output;

    /// <summary>For errors.</summary>
    public TextWriter Error => error;

    /// <summary>The console of the process. A progress bar is for a person's eyes, who has not asked for plain text.</summary>
    public static Terminal OfProcess(CancellationToken stop) => new(Console.Out, Console.Error,
        isInteractive: !Console.IsOutputRedirected && !Console.IsErrorRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb",
        stop);

    /// <summary>Asks what takes long to stop.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Writes a line of results.</summary>
    public void Print(string line)
    {
        if (_console is null)
            output.WriteLine(line);
        else
            _console.WriteLine(line);
    }

    /// <summary>Writes a line about progress, if someone is watching.</summary>
    public void Note(string line)
    {
        if (isInteractive)
            Print(line);
    }

    /// <summary>Writes an error as one line.</summary>
    public void Complain(string message)
    {
        string line = $"spgpu: {message.ReplaceLineEndings(" ")}";
        if (_console is null)
            error.WriteLine(line);
        else
            _console.WriteLine(line);
    }

    /// <summary>Throws if someone asked to stop.</summary>
    /// <exception cref="OperationCanceledException">Someone did.</exception>
    public void ThrowIfStopped() => stop.ThrowIfCancellationRequested();

    /// <summary>Does something with each item, under a progress bar where there are several and someone is watching.</summary>
    /// <exception cref="OperationCanceledException">Someone asked to stop; the item at hand is done.</exception>
    public void ForEach<T>(string title, IReadOnlyCollection<T> items, Action<T> action)
    {
        if (!isInteractive || items.Count < 2)
        {
            Each(() => { });
            return;
        }
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        try
        {
            ProgressColumn[] columns =
                [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
            _console.Progress().AutoClear(true).Columns(columns).Start(progress =>
            {
                ProgressTask bar = progress.AddTask(Markup.Escape(title), maxValue: items.Count);
                Each(() => bar.Increment(1));
            });
        }
        finally
        {
            _console = null;
        }

        void Each(Action done)
        {
            foreach (T item in items)
            {
                ThrowIfStopped();
                action(item);
                done();
            }
        }
    }
}
