using System.Globalization;
using SpGpu.Gpu;

namespace SpGpu.Peers.Options;

/// <summary>The options of a command line, each a name and a value; what nobody asks for is an error at the end.</summary>
internal sealed class OptionWords
{
    private readonly Dictionary<string, string> _left = new(StringComparer.Ordinal);

    /// <exception cref="ConfigurationException">A word is no option, has no value or comes twice.</exception>
    public OptionWords(ReadOnlySpan<string> words)
    {
        for (int i = 0; i < words.Length; i += 2)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
                throw new ConfigurationException($"'{words[i]}' is not an option; options start with --");
            if (i + 1 == words.Length)
                throw new ConfigurationException($"'{words[i]}' needs a value");
            if (!_left.TryAdd(words[i], words[i + 1]))
                throw new ConfigurationException($"'{words[i]}' is given twice; give it once");
        }
    }

    public string? Text(string name) => _left.Remove(name, out string? value) ? value : null;

    /// <exception cref="ConfigurationException">It is not given.</exception>
    public string Needed(string name) => Text(name) ?? throw new ConfigurationException($"{name} is needed");

    public string Choice(string name, string preset, params IReadOnlyList<string> choices)
    {
        string value = Text(name) ?? preset;
        return choices.Contains(value) ? value : throw new ConfigurationException($"{name} {value}: choose {string.Join(", ", choices)}");
    }

    /// <summary>A whole number.</summary>
    public int Number(string name, int preset, int least = 1) => NumberOrNull(name, least) ?? preset;

    /// <summary>A whole number; null where it is not given.</summary>
    public int? NumberOrNull(string name, int least = 1) => Text(name) is { } text ? ParseNumber(name, text, least) : null;

    /// <summary>Whole numbers from 1 up with commas between them.</summary>
    public IReadOnlyList<int> Numbers(string name, params IReadOnlyList<int> preset) =>
        Text(name) is { } text ? [.. text.Split(',').Select(part => ParseNumber(name, part, 1))] : preset;

    /// <summary>Width and height, as in 640x480.</summary>
    public Size2D? Size(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return text.Split('x') is [string width, string height]
            ? new Size2D(ParseNumber(name, height, 1), ParseNumber(name, width, 1))
            : throw new ConfigurationException($"{name} {text}: give width and height, as in 640x480");
    }

    /// <exception cref="ConfigurationException">An option is left that nobody asked for.</exception>
    public void ThrowIfAnyLeft()
    {
        if (_left.Count > 0)
            throw new ConfigurationException($"'{_left.Keys.Order().First()}' is not an option here");
    }

    private static int ParseNumber(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new ConfigurationException(FormattableString.Invariant($"{name}: '{text}' is not a number from {least} up"));
}
