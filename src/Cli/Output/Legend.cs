using System.Globalization;
using SpGpu.Data;
using SpGpu.Synth;

namespace SpGpu.Cli.Output;

/// <summary>A colour and a name for every class of a network.</summary>
internal sealed class Legend
{
    private readonly int _classes;
    private readonly IReadOnlyList<string> _names;

    private Legend(Palette palette, IReadOnlyList<string> names, int classes)
    {
        Palette = palette;
        _names = names;
        _classes = classes;
    }

    public Palette Palette { get; }

    /// <summary>The names of the classes, by index.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <param name="palette">ade20k, cityscapes, streets (the synthetic ones) or a file; null goes by the number of classes.</param>
    /// <param name="names">The same for the names.</param>
    /// <param name="classes">The classes of the network.</param>
    /// <exception cref="ConfigurationException">The palette or the names are for another number of classes.</exception>
    public static Legend For(string? palette, string? names, int classes)
    {
        Palette colours = Colours(palette, classes);
        IReadOnlyList<string> words = NamesOf(names, classes);
        Check($"palette '{palette}'", colours.Count, "colour", classes);
        Check($"list of names '{names}'", words.Count, "name", classes);
        return new Legend(colours, words, classes);
    }

    /// <summary>The names that an option gives: ade20k, cityscapes, streets (the synthetic ones) or a file.</summary>
    /// <exception cref="DatasetException">The file cannot be used.</exception>
    public static IReadOnlyList<string> Named(string names) => names switch
    {
        "ade20k" => ClassNames.Ade20k,
        "cityscapes" => ClassNames.Cityscapes,
        "streets" => SynthClasses.Names,
        _ => ClassNames.Read(names),
    };

    /// <summary>The classes that a map has, the largest first.</summary>
    public IEnumerable<ClassShare> Shares(LabelMap map)
    {
        double all = map.Labels.Length;
        return map.Shares(_classes)
            .Select((pixels, index) => new ClassShare(index, _names[index], pixels, pixels / all))
            .Where(share => share.Pixels > 0)
            .OrderByDescending(share => share.Pixels);
    }

    private static Palette Colours(string? palette, int classes) => (palette, classes) switch
    {
        ("ade20k", _) or (null, 150) => Palette.Ade20k,
        ("cityscapes", _) or (null, 19) => Palette.Cityscapes,
        ("streets", _) => SynthClasses.Palette,
        (null, _) => Palette.Distinct(classes),
        _ => Palette.Read(palette),
    };

    private static IReadOnlyList<string> NamesOf(string? names, int classes) => (names, classes) switch
    {
        (not null, _) => Named(names),
        (null, 150) => ClassNames.Ade20k,
        (null, 19) => ClassNames.Cityscapes,
        _ => [.. Enumerable.Range(0, classes).Select(index => string.Create(CultureInfo.InvariantCulture, $"class {index}"))],
    };

    private static void Check(string source, int count, string what, int classes)
    {
        if (count != classes)
        {
            throw new ConfigurationException(
                $"the {source} has {Text.Count(count, what)}, the network has {Text.Count(classes, "class")}; " +
                $"give one {what} for each class");
        }
    }
}

/// <summary>How much of a picture a class covers.</summary>
internal sealed record ClassShare(int Index, string Name, long Pixels, double Share);
