using SpGpu.Peers.Engines;

namespace SpGpu.Peers.Reports;

/// <summary>Runs SpGpu and its peers in turn and prints a table: a line a round, then what comes out of all of them.</summary>
internal sealed class Comparison
{
    private readonly Engine[] _engines;
    private readonly Table _table;
    private readonly Turns _turns;

    /// <param name="report">Where it goes.</param>
    /// <param name="peers">The other engines.</param>
    /// <param name="own">SpGpu, whose times are divided by theirs.</param>
    public Comparison(Report report, IReadOnlyList<Engine> peers, Engine own)
    {
        Report = report;
        _engines = [.. peers, own];
        _turns = new Turns(_engines);
        _table = new Table(
            report,
            [("", -8), .. _engines.Select(engine => (engine.Name, Math.Max(8, engine.Name.Length))),
                .. peers.Select(peer => (Heading(peer), Heading(peer).Length))]);
    }

    public Report Report { get; }

    /// <summary>SpGpu's median time; null where it did not run.</summary>
    public double? OwnSeconds => _turns.MedianOf(_engines.Length - 1, measured => measured.Seconds);

    /// <summary>Runs every engine once and prints the times; for each engine, whether it ran.</summary>
    public bool[] Round(int number)
    {
        _turns.Next();
        Measurement?[] now = [.. _engines.Select((_, i) => _turns[i][^1])];
        double? own = now[^1]?.Seconds;
        Row($"round {number}", now.Select(measured => Table.Seconds(measured?.Seconds)), now[..^1].Select(peer => own / peer?.Seconds));
        return [.. now.Select(measured => measured is not null)];
    }

    /// <summary>Prints the medians: times with the median of the ratios pair by pair, first results, memory.</summary>
    public void Medians()
    {
        Median("time s", measured => measured.Seconds, Table.Seconds);
        Median("first s", measured => measured.FirstSeconds, Table.Seconds);
        Median("peak MB", measured => measured.PeakBytes, Table.Megabytes);
    }

    /// <summary>Prints a line of one text an engine.</summary>
    public void Row(string heading, IEnumerable<string> cells, IEnumerable<double?>? ratios = null) =>
        _table.Row([heading, .. cells, .. (ratios ?? new double?[_engines.Length - 1]).Select(Table.Ratio)]);

    /// <summary>Says what ran and what did not, and why.</summary>
    public void Close()
    {
        Report.Line();
        for (int i = 0; i < _engines.Length; i++)
        {
            if (_turns[i].OfType<Measurement>().FirstOrDefault() is { } measured)
                Report.Line($"- {measured.Description}");
        }
        foreach (string complaint in _turns.Complaints)
            Report.Line($"- {complaint}");
    }

    /// <summary>The median over the rounds of SpGpu's time by a peer's; null where it did not run or is none of the engines.</summary>
    public double? RatioTo(string peer) =>
        Array.FindIndex(_engines, engine => engine.Name == peer) is int i and >= 0
            ? _turns.MedianRatio(_engines.Length - 1, i, measured => measured.Seconds)
            : null;

    private static string Heading(Engine peer) => $"SpGpu/{peer.Name.Split(' ')[0]}";

    private void Median(string heading, Func<Measurement, double> number, Func<double?, string> format) => Row(
        heading,
        _engines.Select((_, i) => format(_turns.MedianOf(i, number))),
        _engines[..^1].Select((_, i) => _turns.MedianRatio(_engines.Length - 1, i, number)));
}
