using System.Globalization;
using System.Text;
using Wcwidth;

namespace SpGpu.Cli.Output;

/// <summary>Words and numbers for the terminal; every number the same in all countries.</summary>
internal static class Text
{
    /// <summary>The width that help and tables are made for; a terminal may have another one, and a pipe has none.</summary>
    public const int Columns = 80;

    /// <summary>No column of a table is wider, however long a name a file holds.</summary>
    private const int Widest = 200;

    private const string Cut = "..";

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: <c>1 class</c>, <c>2 classes</c>, <c>3 pictures</c>.</summary>
    public static string Count(long number, string what) =>
        $"{Count(number)} {what}{(number == 1 ? "" : what.EndsWith('s') ? "es" : "s")}";

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

    /// <summary>
    /// The columns that a text takes on the screen: two for most letters of East Asia and emoji, none for combining
    /// marks.
    /// </summary>
    public static int Width(string text) => Elements(text).Sum(ElementWidth);

    /// <summary>The columns for the widest of the texts, between a least and a most.</summary>
    public static int Width(IEnumerable<string> texts, int least, int most) =>
        Math.Clamp(texts.Select(text => Width(Visible.Of(text))).DefaultIfEmpty().Max(), least, Math.Clamp(most, least, Widest));

    /// <summary>
    /// Text after a label, broken between words into lines that fit so many columns; they start behind the label, or at
    /// the indent where it is longer.
    /// </summary>
    public static IEnumerable<string> Labelled(string label, string text, int indent, int columns)
    {
        var line = new StringBuilder(Padded(label, indent - 1));
        int column = Width(line.ToString());
        foreach (string word in Visible.Of(text).Split(' '))
        {
            int width = Width(word);
            if (column > indent && column + 1 + width > columns)
            {
                yield return line.ToString();
                line.Clear().Append(' ', indent - 1);
                column = indent - 1;
            }
            line.Append(' ').Append(word);
            column += 1 + width;
        }
        yield return line.ToString();
    }

    /// <summary>A text that takes exactly so many columns: of a longer one the beginning.</summary>
    public static string Head(string text, int columns)
    {
        string shown = Visible.Of(text);
        if (Width(shown) > columns)
            shown = string.Concat(Fitting(Elements(shown), columns - Cut.Length)) + Cut;
        return Padded(shown, columns);
    }

    /// <summary>A text that takes at least so many columns.</summary>
    public static string Padded(string text, int columns)
    {
        string shown = Visible.Of(text);
        return shown + new string(' ', Math.Max(0, columns - Width(shown)));
    }

    /// <summary>A text that takes exactly so many columns: of a longer one the end.</summary>
    public static string Tail(string text, int columns)
    {
        string shown = Visible.Of(text);
        if (Width(shown) > columns)
            shown = Cut + string.Concat(Fitting(Elements(shown).Reverse(), columns - Cut.Length).Reverse()).TrimStart('.');
        return Padded(shown, columns);
    }

    private static IEnumerable<string> Fitting(IEnumerable<string> elements, int columns) =>
        elements.TakeWhile(element => (columns -= ElementWidth(element)) >= 0);

    /// <summary>What a reader takes for one letter, whatever it is made of.</summary>
    private static IEnumerable<string> Elements(string text)
    {
        for (TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
            yield return elements.GetTextElement();
    }

    private static int ElementWidth(string element)
    {
        int width = 0;
        foreach (Rune rune in element.EnumerateRunes())
            width += Math.Max(0, UnicodeCalculator.GetWidth(rune.Value));
        // Several emoji that are joined to one take its place.
        return Math.Min(2, width);
    }
}
