using System.Collections;
using System.Globalization;

namespace SpGpu.Data;

/// <summary>The colours of the classes, by class index: 1 to 256 of them.</summary>
public sealed partial class Palette : IReadOnlyList<Rgb>
{
    /// <summary>The most colours: a label is a byte.</summary>
    public const int MaxColours = 256;

    private readonly Rgb[] _colours;

    /// <summary>Makes a palette of 1 to 256 colours.</summary>
    /// <exception cref="ImageException">There are none, or too many.</exception>
    public Palette(IEnumerable<Rgb> colours)
    {
        _colours = [.. colours];
        if (_colours.Length is 0 or > MaxColours)
            throw new ImageException($"a palette has 1 to {MaxColours} colours, not {_colours.Length}; give one colour for each class");
    }

    /// <summary>The 19 colours of Cityscapes, in the order of its training labels.</summary>
    public static Palette Cityscapes { get; } = FromHex(
        "804080 F423E8 464646 66669C BE9999 999999 FAAA1E DCDC00 6B8E23 98FB98",
        "4682B4 DC143C FF0000 00008E 000046 003C64 005064 0000E6 770B20");

    /// <summary>The 21 colours of PASCAL VOC, in the order of its labels; background is black.</summary>
    public static Palette Voc { get; } = Distinct(21);

    /// <inheritdoc/>
    public int Count => _colours.Length;

    /// <inheritdoc/>
    public Rgb this[int index] => _colours[index];

    /// <summary>
    /// The colours for a number of classes of which nothing else is known: those of the data set of
    /// <see cref="ClassNames.UsualSource"/>, or distinct ones.
    /// </summary>
    /// <exception cref="ImageException">The number is out of range.</exception>
    public static Palette Usual(int classes) => classes switch
    {
        150 => Ade20k,
        21 => Voc,
        19 => Cityscapes,
        _ => Distinct(classes),
    };

    /// <summary>
    /// Colours for data sets that have none of their own, those of PASCAL VOC: the bits of the class index are
    /// dealt to red, green and blue in turn, highest place first, so that neighbouring classes look different
    /// and class 0 is black.
    /// </summary>
    /// <param name="classes">How many, 1 to 256.</param>
    /// <exception cref="ImageException">The number is out of range.</exception>
    public static Palette Distinct(int classes) => new(Enumerable.Range(0, Math.Clamp(classes, 0, MaxColours + 1)).Select(DealBits));

    /// <summary>
    /// Reads a text file with a colour a line, three numbers from 0 to 255 with spaces, tabs or commas between
    /// them. Empty lines and lines that start with # are skipped.
    /// </summary>
    /// <exception cref="ImageException">The file cannot be read or a line is not a colour; the message has its number.</exception>
    public static Palette Read(string path) => Parse(TextLines.Read(path, Error), path);

    /// <summary>Reads such a file from a stream to its end; what the stream throws comes through.</summary>
    /// <param name="stream">The stream, which need not seek and stays open.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="ImageException">As for a file.</exception>
    public static Palette Read(Stream stream, string name) => Parse(TextLines.Read(stream, name, Error), name);

    /// <inheritdoc/>
    public IEnumerator<Rgb> GetEnumerator() => ((IEnumerable<Rgb>)_colours).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static ImageException Error(string message, Exception? inner) => new(message, inner);

    private static Palette Parse(IEnumerable<(int Number, string Text)> lines, string path)
    {
        var colours = new List<Rgb>();
        foreach ((int number, string line) in lines)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (colours.Count == MaxColours)
                throw new ImageException($"'{path}', line {number}: a palette has at most {MaxColours} colours; remove the rest");
            colours.Add(ParseColour(line)
                ?? throw new ImageException(
                    $"'{path}', line {number}: '{Shorten(line)}' is not a colour; write three numbers from 0 to 255, as in '128 64 128'"));
        }
        return colours.Count > 0
            ? new Palette(colours)
            : throw new ImageException($"'{path}' has no colours; write one a line, as in '128 64 128'");
    }

    private static Rgb? ParseColour(string line)
    {
        string[] parts = line.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 3
            && byte.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out byte r)
            && byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out byte g)
            && byte.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out byte b)
            ? new Rgb(r, g, b)
            : null;
    }

    private static string Shorten(string line) => line.Length <= 40 ? line : line[..40] + "...";

    private static Rgb DealBits(int index)
    {
        int r = 0, g = 0, b = 0;
        for (int place = 7; index > 0; place--, index >>= 3)
        {
            r |= (index & 1) << place;
            g |= (index >> 1 & 1) << place;
            b |= (index >> 2 & 1) << place;
        }
        return new Rgb((byte)r, (byte)g, (byte)b);
    }

    private static Palette FromHex(params IEnumerable<string> lines) =>
        new(Convert.FromHexString(string.Concat(lines).Replace(" ", "", StringComparison.Ordinal))
            .Chunk(3).Select(rgb => new Rgb(rgb[0], rgb[1], rgb[2])));

    /// <summary>Its kind and length: <c>Palette of 19</c>.</summary>
    public override string ToString() => $"Palette of {Count}";
}
