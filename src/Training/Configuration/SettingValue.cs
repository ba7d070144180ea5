using System.Globalization;
using SpGpu.Data;

namespace SpGpu.Training.Configuration;

/// <summary>What somebody wrote for a key, not yet understood.</summary>
/// <param name="Section">The section; empty on the command line, where keys need none.</param>
/// <param name="Key">The key.</param>
/// <param name="Words">The value's words; none where it was left empty, which means the usual value.</param>
/// <param name="IsList">Whether the words are a list.</param>
/// <param name="Where">The file and line, or the pair of the command line, for messages.</param>
internal sealed record SettingValue(string Section, string Key, IReadOnlyList<string> Words, bool IsList, string Where)
{
    /// <summary>A text, not empty, of characters that can be seen.</summary>
    public string Text()
    {
        if (IsList || Words is not [{ Length: > 0 } word])
            throw Refused("a text");
        if (word.Any(IsControl))
        {
            throw new ConfigurationException(FormattableString.Invariant(
                $"{Where}: {Key} holds a control character (U+{(int)word.First(IsControl):X4})") + (Section.Length == 0
                    ? "; leave it out"
                    : @", as YAML makes of \t, \n and the like within double quotes; write it in single quotes, or with / in place of \"));
        }
        return word;
    }

    /// <summary>A whole number.</summary>
    public int Whole(int least, int most)
    {
        if (!IsList && ParseWhole(Words[0]) is { } number && number >= least && number <= most)
            return number;
        throw Refused(
            most == int.MaxValue ? $"a whole number, {Number(least)} or more" : $"a whole number from {Number(least)} to {Number(most)}");
    }

    /// <summary>A number.</summary>
    public double Real(double least, double most)
    {
        if (!IsList && ParseReal(Words[0]) is { } number && number >= least && number <= most)
            return number;
        throw Refused($"a number from {Number(least)} to {Number(most)}");
    }

    /// <summary>true or false, as YAML and as Python write it.</summary>
    public bool Flag() => IsList ? throw Refused("true or false") : Words[0].ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" => true,
        "FALSE" or "NO" or "OFF" => false,
        _ => throw Refused("true or false"),
    };

    /// <summary>One of some words.</summary>
    public string OneOf(params IReadOnlyList<string> words) => !IsList && words.Contains(Words[0])
        ? Words[0]
        : throw Refused($"one of {string.Join(", ", words)}{(IsList ? "" : Suggestion.For(Words[0], words))}");

    /// <summary>A list of whole numbers; as many as one of <paramref name="counts"/> says.</summary>
    public IReadOnlyList<int> Wholes(int[] counts, int least, int most)
    {
        int?[] numbers = [.. Words.Select(ParseWhole)];
        if (IsList && counts.Contains(numbers.Length) && numbers.All(number => number >= least && number <= most))
            return [.. numbers.Select(number => number!.Value)];
        string many = string.Join(" or ", counts.Select(count => Number(count)));
        throw Refused($"a list of {many} whole numbers from {Number(least)} to {Number(most)}, in brackets");
    }

    /// <summary>A list of numbers; <paramref name="count"/> of them.</summary>
    public IReadOnlyList<double> Reals(int count, double least, double most)
    {
        double?[] numbers = [.. Words.Select(ParseReal)];
        if (IsList && numbers.Length == count && numbers.All(number => number >= least && number <= most))
            return [.. numbers.Select(number => number!.Value)];
        throw Refused($"a list of {Number(count)} numbers from {Number(least)} to {Number(most)}, in brackets");
    }

    /// <summary>A list of numbers above 0.</summary>
    public IReadOnlyList<float> PositiveReals()
    {
        double?[] numbers = [.. Words.Select(ParseReal)];
        // Not by the double: what is no more than a number in double precision would be 0 or infinite.
        if (IsList && numbers.Length > 0 && numbers.All(number => (float?)number > 0 && float.IsFinite((float)number.Value)))
            return [.. numbers.Select(number => (float)number!.Value)];
        throw Refused("a list of numbers above 0, in brackets, or auto");
    }

    /// <summary>A list of names.</summary>
    public ClassNames Names()
    {
        try
        {
            return IsList ? new ClassNames(Words) : throw Refused("a list of names, in brackets");
        }
        catch (DatasetException error)
        {
            throw new ConfigurationException($"{Where}: {Key}: {error.Message}", error);
        }
    }

    /// <summary>A list of colours.</summary>
    public Palette Colours()
    {
        Rgb?[] colours = [.. Words.Select(Rgb.FromHex)];
        return IsList && colours.Length is > 0 and <= Palette.MaxColours && colours.All(colour => colour is not null)
            ? new Palette(colours.Select(colour => colour!.Value))
            : throw Refused("a list of colours of six hexadecimal digits such as 804080, in brackets");
    }

    /// <summary>The error that the value is not what the key takes.</summary>
    public ConfigurationException Refused(string wanted)
    {
        string written = IsList ? $"[{string.Join(", ", Words)}]" : $"'{Words[0]}'";
        return new ConfigurationException($"{Where}: {Key} is {written}; give {wanted}");
    }

    /// <summary>Also the ends of lines and paragraphs, where a file would be read as having another line.</summary>
    private static bool IsControl(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? ParseWhole(string word) =>
        int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static double? ParseReal(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
