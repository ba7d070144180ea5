using System.Diagnostics;
using System.Globalization;
using SpGpu.Cli.Output;

namespace SpGpu.Cli;

/// <summary>
/// How much is done and how long the rest takes, on the last line of the screen: <c>pictures [###....] 3 of 7, 0:04 left</c>,
/// or <c>net.pth [###....] 3 MB of 7 MB, 0:04 left</c>.
/// By hand, because it is less than a library takes to be told: one line narrower than the screen never wraps, so a return
/// and blanks erase it, without control sequences that a console may not know and without a guess at where the cursor is.
/// </summary>
internal sealed class ProgressBar
{
    private const int MostBar = 40, LeastBar = 5;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(0.1);

    private readonly TextWriter _output;
    private readonly string _title;
    private readonly long _count;
    private readonly Func<long, string> _amount;
    private readonly Func<int> _columns;
    private readonly long _before;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _drawn;
    private int _length;

    /// <summary>Draws it with nothing done, or with what was done before.</summary>
    public ProgressBar(TextWriter output, string title, long count, Func<long, string> amount, Func<int> columns, long before = 0)
    {
        _before = before;
        Done = before;
        _amount = amount;
        _output = output;
        _title = title;
        _count = count;
        _columns = columns;
        Draw();
    }

    /// <summary>How much is done.</summary>
    public long Done { get; private set; }

    /// <summary>One item more is done.</summary>
    public void Advance() => Reach(Done + 1);

    /// <summary>So much is done.</summary>
    public void Reach(long done)
    {
        Done = done;
        if (Stopwatch.GetElapsedTime(_drawn) >= _pause)
            Draw();
    }

    /// <summary>Draws it where it stands, or on the empty line where the cursor is.</summary>
    public void Draw()
    {
        string line = Line();
        // Blanks cover what was longer, as far as the screen goes: its window may have become narrower.
        _output.Write($"\r{line.PadRight(Math.Min(_length, Room))}");
        _output.Flush();
        _length = line.Length;
        _drawn = Stopwatch.GetTimestamp();
    }

    /// <summary>Leaves an empty line with the cursor at its beginning.</summary>
    public void Erase()
    {
        _output.Write($"\r{new string(' ', Math.Min(_length, Room))}\r");
        _output.Flush();
        _length = 0;
    }

    /// <summary>In the last column the cursor would be on the next line already, or not: terminals differ.</summary>
    private int Room => Math.Max(0, _columns() - 1);

    private string Line()
    {
        int room = Room;
        string state = $"{_amount(Done)} of {_amount(_count)}{Left()}";
        int bar = Math.Min(MostBar, room - _title.Length - state.Length - " [] ".Length);
        string line = bar < LeastBar ? $"{_title} {state}" : $"{_title} [{Bar(bar)}] {state}";
        return line.Length <= room ? line : line[..room];
    }

    private string Bar(int length) => new string('#', (int)(length * Done / _count)).PadRight(length, '.');

    /// <summary>Nothing before the first item is done.</summary>
    private string Left()
    {
        if (Done <= _before)
            return "";
        TimeSpan left = Stopwatch.GetElapsedTime(_start) / (Done - _before) * (_count - Done);
        string hours = left.TotalHours < 1 ? "" : Text.Count((long)left.TotalHours) + ":";
        return $", {hours}{left.ToString(left.TotalHours < 1 ? @"m\:ss" : @"mm\:ss", CultureInfo.InvariantCulture)} left";
    }
}
