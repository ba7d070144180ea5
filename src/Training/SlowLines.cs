namespace SpGpu.Training;

/// <summary>Lines about what takes long, one a minute at least: nobody shall take it for something that hangs.</summary>
/// <param name="print">Where they go.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class SlowLines(Action<string> print, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private long _last = clock.GetTimestamp();

    /// <summary>Whether a minute has passed since the last line.</summary>
    public bool IsDue => clock.GetElapsedTime(_last) >= _patience;

    /// <summary>Prints a line.</summary>
    public void Print(string line)
    {
        print(line);
        _last = clock.GetTimestamp();
    }

    /// <summary>Prints a line if one is due.</summary>
    public void Offer(FormattableString line)
    {
        if (IsDue)
            Print(FormattableString.Invariant(line));
    }
}
