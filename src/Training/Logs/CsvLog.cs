using System.Globalization;
using System.Text;

namespace SpGpu.Training.Logs;

/// <summary>A table in a text file that grows by rows; each row is in the file when <see cref="Append"/> returns.</summary>
internal sealed class CsvLog : IDisposable
{
    private readonly LogFile _file;

    /// <summary>Opens a table, or makes it with its heading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="heading">The names of the columns; the first one is a number that grows from row to row.</param>
    /// <param name="below">Rows whose first number is not below this are taken out, as is a row that was cut short.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public CsvLog(string path, string heading, long below)
    {
        _file = new LogFile(path, content => Keep(content, heading, below));
        if (_file.IsEmpty)
            _file.Append(Encoding.UTF8.GetBytes(heading + '\n'));
    }

    /// <summary>Adds a row. NaN is written as an empty field.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Append(long first, params ReadOnlySpan<double> numbers)
    {
        var row = new StringBuilder().Append(first);
        foreach (double number in numbers)
        {
            row.Append(',');
            if (!double.IsNaN(number))
                row.Append(number.ToString("R", CultureInfo.InvariantCulture));
        }
        _file.Append(Encoding.UTF8.GetBytes(row.Append('\n').ToString()));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>How many bytes of a file stay: none of a table with another heading.</summary>
    private static int Keep(byte[] content, string heading, long below)
    {
        int kept = 0;
        for (int line = 0; Array.IndexOf(content, (byte)'\n', kept) is int end and >= 0; line++)
        {
            string text = Encoding.UTF8.GetString(content, kept, end - kept);
            bool stays = line == 0
                ? text == heading
                : long.TryParse(text.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first) && first < below;
            if (!stays)
                break;
            kept = end + 1;
        }
        return kept;
    }
}
