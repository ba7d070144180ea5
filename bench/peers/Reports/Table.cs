using System.Globalization;

namespace SpGpu.Peers.Reports;

/// <summary>A Markdown table whose columns also line up in a terminal; rows appear as they are known.</summary>
internal sealed class Table
{
    private readonly Report _report;
    private readonly int[] _widths;

    /// <param name="report">Where it goes.</param>
    /// <param name="columns">The headings with the widths of the columns; below zero stands for text, which starts at the left.</param>
    public Table(Report report, params IReadOnlyList<(string Heading, int Width)> columns)
    {
        _report = report;
        _widths = [.. columns.Select(column => column.Width)];
        Row([.. columns.Select(column => column.Heading)]);
        Row([.. _widths.Select(width => width < 0 ? new string('-', -width) : $"{new string('-', width - 1)}:")]);
    }

    public void Row(params IReadOnlyList<string> cells) =>
        _report.Line(
            $"| {string.Join(" | ", cells.Zip(_widths, (cell, width) => width < 0 ? cell.PadRight(-width) : cell.PadLeft(width)))} |");

    /// <summary>Seconds, or a dash.</summary>
    public static string Seconds(double? seconds) => Number(seconds, seconds < 0.1 ? "0.0000" : "0.000");

    /// <summary>Millions of bytes, or a dash.</summary>
    public static string Megabytes(double? bytes) => Number(bytes / 1e6, "0");

    public static string Ratio(double? ratio) => Number(ratio, "0.00");

    /// <summary>A difference relative to the largest value, or a dash.</summary>
    public static string Difference(double? difference) => Number(difference, "0.0e+0");

    public static string Number(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
