using System.Globalization;
using System.Text;

namespace SpGpu.Training.Logs;

/// <summary>A table in a text file that grows by rows; each row is in the file when <see cref="Append"/> returns.</summary>
internal sealed class CsvLog : IDisposable
{
    private readonly LogFile _file;
    private readonly string[] _columns;

    /// <summary>Opens a table, or makes it with its heading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="heading">The names of the columns; the first one is a number that grows from row to row.</param>
    /// <param name="content">What it starts with, as <see cref="Find"/> says.</param>
    /// <param name="print">Takes a line if what is there gets another name.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public CsvLog(string path, string heading, LogContent content, Action<string> print)
    {
        _columns = heading.Split(',');
        _file = new LogFile(path, content, print);
        if (content.Kept.Length == 0)
            _file.Append(Encoding.UTF8.GetBytes(heading + '\n'));
    }

    /// <summary>Looks at a table that may be there, and changes nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="heading">The names of the columns.</param>
    /// <param name="below">
    /// Rows whose first number is not below this are left out, as is a row that was cut short; null begins anew, and keeps
    /// a table that has rows apart.
    /// </param>
    /// <exception cref="OutputException">The file cannot be read.</exception>
    public static LogContent Find(string path, string heading, long? below)
    {
        string[] lines = Lines(LogFile.Read(path));
        if (lines.Length == 1 && heading.StartsWith(lines[0], StringComparison.Ordinal))
            return new LogContent([]);
        if (lines.Length == 1 || lines[0] != heading)
            return new LogContent([], "has other columns than this run");
        int columns = heading.Split(',').Length;
        var kept = new StringBuilder(heading).Append('\n');
        long last = -1;
        for (int i = 1; i < lines.Length - 1; i++)
        {
            if (lines[i].Length == 0)
                continue;
            if (Number(lines[i], columns) is not { } number || number <= last)
                return Kept(FormattableString.Invariant($"does not fit from line {i + 1} on"));
            if (below is null)
                return new LogContent([], "is of another run");
            if (number >= below)
                return Kept();
            kept.Append(lines[i]).Append('\n');
            last = number;
        }
        return Kept(lines[^1].All(letter => char.IsAsciiDigit(letter) || ",.+-E".Contains(letter, StringComparison.Ordinal))
            ? null
            : "does not fit at its end");

        LogContent Kept(string? misfit = null) => new(Encoding.UTF8.GetBytes(kept.ToString()), misfit);
    }

    /// <summary>The fields of the heading, and of the rows that have as many, whatever somebody has made of the file.</summary>
    /// <exception cref="OutputException">The file cannot be read.</exception>
    public IReadOnlyList<string[]> Rows() =>
        [_columns, .. Lines(_file.Read())[..^1].Where(line => Number(line, _columns.Length) is not null).Select(line => line.Split(','))];

    /// <summary>Adds a row. NaN is written as an empty field.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Append(long first, params ReadOnlySpan<double> numbers)
    {
        var row = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{first}");
        foreach (double number in numbers)
        {
            row.Append(',');
            if (!double.IsNaN(number))
                row.Append(number.ToString("R", CultureInfo.InvariantCulture));
        }
        _file.Append(Encoding.UTF8.GetBytes(row.Append('\n').ToString()));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// The lines, and last what stands behind the end of the last one. Spreadsheets and editors write a mark at the
    /// beginning and carriage returns.
    /// </summary>
    private static string[] Lines(byte[] content) =>
        [.. Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r'))];

    /// <summary>The first number of a row; null where it is no row.</summary>
    private static long? Number(string row, int columns)
    {
        string[] fields = row.Split(',');
        return fields.Length == columns
            && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && fields.Skip(1)
                .All(field => field.Length == 0 || double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? first : null;
    }
}
