using SpGpu.Data;
using SpGpu.Data.Drawing;
using SpGpu.Models;
using SpGpu.Synth;

namespace SpGpu.Cli.Output;

/// <summary>A colour and a name for every class of a network.</summary>
internal sealed class Legend
{
    private readonly int _classes;
    private readonly IReadOnlyList<string> _names;

    private Legend(Palette palette, IReadOnlyList<string> names, int classes, string? assumed)
    {
        Palette = palette;
        Assumed = assumed;
        _names = names;
        _classes = classes;
    }

    public Palette Palette { get; }

    /// <summary>The names of the classes, by index.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>
    /// What neither the weights nor an option say and the number of classes suggests: <c>names and colours of PASCAL VOC</c>;
    /// null where nothing is assumed.
    /// </summary>
    public string? Assumed { get; }

    /// <param name="palette">
    /// ade20k, cityscapes, voc, streets (the synthetic ones) or a file; null goes by what the weights have, or the number of classes.
    /// </param>
    /// <param name="names">The same for the names.</param>
    /// <param name="classes">The classes of the network.</param>
    /// <param name="own">What the weights have.</param>
    /// <exception cref="ConfigurationException">The palette or the names are for another number of classes.</exception>
    public static Legend For(string? palette, string? names, int classes, NetworkClasses? own = null)
    {
        Palette colours = palette is null ? own?.Colours ?? Palette.Usual(classes) : Coloured(palette);
        IReadOnlyList<string> words = names is null ? own?.Names ?? ClassNames.Usual(classes) : Named(names);
        Check($"palette '{palette}'", colours.Count, "colour", classes);
        Check($"list of names '{names}'", words.Count, "name", classes);
        string? assumed = Assumption(classes, names: names is null && own?.Names is null, colours: palette is null && own?.Colours is null);
        return new Legend(colours, words, classes, assumed);
    }

    /// <summary>What is assumed of so many classes where their names or colours are not said; null for nothing.</summary>
    public static string? Assumption(int classes, bool names, bool colours) =>
        ClassNames.UsualSource(classes) is not { } source ? null : (names, colours) switch
        {
            (true, true) => $"names and colours of {source}",
            (true, false) => $"names of {source}",
            (false, true) => $"colours of {source}",
            _ => null,
        };

    /// <summary>The names that an option gives: ade20k, cityscapes, voc, streets (the synthetic ones) or a file.</summary>
    /// <exception cref="DatasetException">The file cannot be used.</exception>
    public static IReadOnlyList<string> Named(string names) => names switch
    {
        "ade20k" => ClassNames.Ade20k,
        "cityscapes" => ClassNames.Cityscapes,
        "voc" => ClassNames.Voc,
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

    /// <summary>A picture, and below it the names and colours of the classes that maps have, the largest first.</summary>
    public RgbImage Below(RgbImage picture, params IReadOnlyList<LabelMap> maps) => PictureLegend.Below(picture, _names, Palette, maps);

    /// <summary>The colours that an option gives: ade20k, cityscapes, voc, streets (the synthetic ones) or a file.</summary>
    /// <exception cref="ImageException">The file cannot be used.</exception>
    public static Palette Coloured(string palette) => palette switch
    {
        "ade20k" => Palette.Ade20k,
        "cityscapes" => Palette.Cityscapes,
        "voc" => Palette.Voc,
        "streets" => SynthClasses.Palette,
        _ => Palette.Read(palette),
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
