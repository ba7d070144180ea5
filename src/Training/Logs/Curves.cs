using System.Globalization;
using ScottPlot;

namespace SpGpu.Training.Logs;

/// <summary>Draws the tables of a run.</summary>
internal static class Curves
{
    private const int Width = 900, Height = 500, MostPoints = 2000;

    /// <summary>Draws some columns of a table over its first one.</summary>
    /// <param name="table">The table; rows that are none, should somebody have changed the file, are left out.</param>
    /// <param name="picture">The PNG.</param>
    /// <param name="title">What stands above the curves.</param>
    /// <param name="columns">The columns; those without a number are left out.</param>
    /// <exception cref="OutputException">The picture cannot be written.</exception>
    public static void Draw(CsvLog table, string picture, string title, params ReadOnlySpan<string> columns)
    {
        IReadOnlyList<string[]> rows = table.Rows();
        using var plot = new Plot();
        foreach (string column in columns)
        {
            int index = Array.IndexOf(rows[0], column);
            (double X, double Y)[] points = [.. rows.Skip(1).Select(row => (Number(row[0]), Number(row[index])))
                .Where(point => double.IsFinite(point.Item1) && double.IsFinite(point.Item2))];
            if (points.Length == 0)
                continue;
            points = Thin(points);
            ScottPlot.Plottables.Scatter curve = plot.Add
                .Scatter(points.Select(point => point.X).ToArray(), points.Select(point => point.Y).ToArray());
            curve.LegendText = column.Replace('_', ' ');
            curve.LineWidth = 2;
            curve.MarkerSize = points.Length == 1 ? 6 : 0;
        }
        plot.Title(title);
        plot.XLabel(rows[0][0]);
        plot.ShowLegend(Edge.Right);
        PlotFont.Apply(plot);
        byte[] png = plot.GetImageBytes(Width, Height, ImageFormat.Png);
        AtomicFile.Write(picture, stream => stream.Write(png));
    }

    /// <summary>Long curves as the means of equal parts, which also takes out noise that no picture can show.</summary>
    private static (double, double)[] Thin((double X, double Y)[] points)
    {
        int part = (points.Length + MostPoints - 1) / MostPoints;
        return part == 1 ? points : [.. points.Chunk(part).Select(chunk => (chunk[^1].X, chunk.Average(point => point.Y)))];
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
}
