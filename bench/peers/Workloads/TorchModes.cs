using SpGpu.Peers.Engines;
using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Workloads;

/// <summary>The ways in which PyTorch runs the network; it is compared in the fastest.</summary>
internal static class TorchModes
{
    public const string Auto = "auto";

    public static IReadOnlyList<string> All { get; } = ["eager", "channels-last", "frozen", "frozen-channels-last", "optimized"];

    /// <summary>
    /// Tries every way in one process and returns the fastest; where none runs, the first, which then says why in the comparison.
    /// </summary>
    public static string Fastest(Report report, Func<string, Engine> engineOf)
    {
        report.Line("PyTorch's ways, one process each:");
        report.Line();
        var table = new Table(report, ("way", -20), ("time s", 8), ("first s", 8), ("peak MB", 8));
        (string Mode, double Seconds) fastest = (All[0], double.PositiveInfinity);
        var complaints = new List<string>();
        foreach (string mode in All)
        {
            Measurement? measured = engineOf(mode).Run(out string complaint);
            table.Row(mode, Table.Seconds(measured?.Seconds), Table.Seconds(measured?.FirstSeconds), Table.Megabytes(measured?.PeakBytes));
            if (measured?.Seconds < fastest.Seconds)
                fastest = (mode, measured.Seconds);
            if (measured is null)
                complaints.Add($"- {mode} does not run: {complaint}");
            // Without an interpreter or without torch no other way will do better.
            if (measured is null && mode == All[0])
                break;
        }
        report.Line();
        complaints.ForEach(report.Line);
        if (complaints.Count > 0)
            report.Line();
        return fastest.Mode;
    }
}
