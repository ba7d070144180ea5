using System.Diagnostics;
using System.Globalization;
using SpGpu.Cli.Output;

namespace SpGpu.Cli;

/// <summary>
/// How much is done and how long the rest takes, on the last line of the screen: <c>pictures [###....] 3 of 7, 0:04 left</c>.
/// By hand, because it is less than a library takes to be told: one line narrower than the screen never wraps, so a return
/// and blanks erase it, without control sequences that a console may not know and without a guess at where the cursor is.
/// </summary>
internal sealed class ProgressBar
{
    private const int MostBar = 40, LeastBar = 5;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(0.1);

    private readonly TextWriter _output;
    private readonly string _title;
    private readonly int _count;
    private readonly Func<int> _columns;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _drawn;
    private int _done;
    private int _length;

    /// <summary>Draws it with nothing done.</summary>
    public ProgressBar(TextWriter output, string title, int count, Func<int> columns)
    {
        _output = output;
        _title = title;
        _count = count;
        _columns = columns;
        Draw();
    }

    /// <summary>One item more is done.</summary>
    public void Advance()
    {
        _done++;
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
        string state = $"{Text.Count(_done)} of {Text.Count(_count)}{Left()}";
        int bar = Math.Min(MostBar, room - _title.Length - state.Length - " [] ".Length);
        string line = bar < LeastBar ? $"{_title} {state}" : $"{_title} [{Bar(bar)}] {state}";
        return line.Length <= room ? line : line[..room];
    }

    private string Bar(int length) => new string('#', (int)((long)length * _done / _count)).PadRight(length, '.');

    /// <summary>Nothing before the first item is done.</summary>
    private string Left()
    {
        if (_done == 0)
            return "";
        TimeSpan left = Stopwatch.GetElapsedTime(_start) / _done * (_count - _done);
        string hours = left.TotalHours < 1 ? "" : Text.Count((long)left.TotalHours) + ":";
        return $", {hours}{left.ToString(left.TotalHours < 1 ? @"m\:ss" : @"mm\:ss", CultureInfo.InvariantCulture)} left";
    }
}
