using System.Globalization;
using System.Text;

namespace SpGpu.Cli.Output;

/// <summary>Words and numbers for the terminal; every number the same in all countries.</summary>
internal static class Text
{
    /// <summary>The widest line that the tool writes, but for names and messages that are longer by themselves.</summary>
    public const int Columns = 80;

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long number, string what) => $"{Count(number)} {what}{(number == 1 ? "" : "s")}";

    /// <summary>A number of bytes in the largest unit that leaves at least 1.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["bytes", "KB", "MB", "GB", "TB"];
        double size = bytes;
        int unit = 0;
        for (; size >= 1024 && unit < units.Length - 1; unit++)
            size /= 1024;
        return $"{size.ToString(unit == 0 || size >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    public static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.#} %");

    public static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");

    /// <summary>Text after a label, broken between words so that it fits the columns behind the label.</summary>
    public static string Labelled(string label, string text, int indent)
    {
        var lines = new StringBuilder(label.PadRight(indent - 1));
        int column = lines.Length;
        foreach (string word in text.Split(' '))
        {
            if (column > indent && column + 1 + word.Length > Columns)
            {
                lines.Append('\n').Append(' ', indent - 1);
                column = indent - 1;
            }
            lines.Append(' ').Append(word);
            column += 1 + word.Length;
        }
        return lines.ToString();
    }

    /// <summary>A text of at most so many letters: of a longer one the beginning.</summary>
    public static string Head(string text, int columns) => text.Length <= columns ? text : $"{text[..(columns - 2)]}..";

    /// <summary>A text of at most so many letters: of a longer one the end.</summary>
    public static string Tail(string text, int columns) => text.Length <= columns ? text : $"..{text[^(columns - 2)..].TrimStart('.')}";
}
