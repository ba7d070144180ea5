using SpGpu.Data;

namespace SpGpu.Cli.Verbs;

/// <summary>Turns colours into the classes that they stand for.</summary>
internal sealed class ColourLabels
{
    private readonly Dictionary<Rgb, byte> _classes = [];
    private readonly bool _ignoresOthers;

    /// <param name="palette">The colour of each class.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="ignoresOthers">Whether other colours mean pixels that do not count; else they are an error.</param>
    /// <exception cref="DatasetException">Two classes have one colour.</exception>
    public ColourLabels(Palette palette, string name, bool ignoresOthers)
    {
        Palette = palette;
        _ignoresOthers = ignoresOthers;
        foreach ((int index, Rgb colour) in palette.Take(LabelMap.Ignore).Index())
        {
            if (!_classes.TryAdd(colour, (byte)index))
                throw new DatasetException(FormattableString.Invariant(
                    $"the {name} has {colour.R} {colour.G} {colour.B} for class {_classes[colour]} and for class {index}, ") +
                    "so labels cannot be told from it; give each class a colour of its own");
        }
    }

    public Palette Palette { get; }

    /// <summary>The labels of a picture.</summary>
    /// <exception cref="DatasetException">It has a colour of no class.</exception>
    public LabelMap Convert(RgbImage image, string name)
    {
        var labels = new byte[image.Width * image.Height];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = _classes.GetValueOrDefault(At(image, i), LabelMap.Ignore);
        if (!_ignoresOthers && labels.AsSpan().Contains(LabelMap.Ignore))
            throw Unknown(image, name);
        return new LabelMap(labels, image.Width, image.Height);
    }

    /// <summary>How many pixels each colour has.</summary>
    public static IEnumerable<KeyValuePair<Rgb, int>> Count(RgbImage image) =>
        Enumerable.Range(0, image.Width * image.Height).CountBy(i => At(image, i));

    private DatasetException Unknown(RgbImage image, string name)
    {
        KeyValuePair<Rgb, int>[] unknown =
            [.. Count(image).Where(pair => !_classes.ContainsKey(pair.Key)).OrderByDescending(pair => pair.Value)];
        (Rgb first, int pixels) = unknown[0];
        string more = unknown.Length > 1 ? FormattableString.Invariant($", and {unknown.Length - 1} more colours") : "";
        return new DatasetException(FormattableString.Invariant(
            $"'{name}': {first.R} {first.G} {first.B} in {pixels} of {image.Width * image.Height} pixels is no colour of the palette") +
            $"{more}; add it, or leave such pixels out with --ignore-others");
    }

    private static Rgb At(RgbImage image, int pixel) =>
        new(image.Pixels[3 * pixel], image.Pixels[3 * pixel + 1], image.Pixels[3 * pixel + 2]);
}
