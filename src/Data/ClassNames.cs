using System.Collections;
using System.Globalization;

namespace SpGpu.Data;

/// <summary>The names of the classes, by class index: 1 to 256 of them, none empty.</summary>
public sealed partial class ClassNames : IReadOnlyList<string>
{
    /// <summary>A name is a word or a few.</summary>
    private const int MostLetters = 100;

    private readonly string[] _names;

    /// <summary>Makes a list of names.</summary>
    /// <exception cref="DatasetException">
    /// There are none or too many, or one is empty, longer than 100 letters or has a control character.
    /// </exception>
    public ClassNames(IEnumerable<string> names)
    {
        _names = [.. names];
        if (_names.Length is 0 or > Palette.MaxColours)
            throw new DatasetException($"{_names.Length} class names; give 1 to {Palette.MaxColours}, one for each class");
        int wrong = Array.FindIndex(_names,
            name => string.IsNullOrWhiteSpace(name) || name.Length > MostLetters || name.Any(char.IsControl));
        if (wrong >= 0)
            throw new DatasetException(
                $"the name of class {wrong} is empty, longer than {MostLetters} letters or has a control character; give it another");
    }

    // Lines of a file may be anything that can be shown; what is written to other files is made of names above.
    private ClassNames(List<string> lines) => _names = [.. lines];

    /// <summary>The 19 classes of Cityscapes, in the order of its training labels.</summary>
    public static ClassNames Cityscapes { get; } = Split("""
        road, sidewalk, building, wall, fence, pole, traffic light, traffic sign, vegetation, terrain, sky,
        person, rider, car, truck, bus, train, motorcycle, bicycle
        """);

    /// <summary>The 20 classes of PASCAL VOC in the order of its labels, and the background before them as class 0.</summary>
    public static ClassNames Voc { get; } = Split("""
        background, aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, diningtable, dog,
        horse, motorbike, person, pottedplant, sheep, sofa, train, tvmonitor
        """);

    /// <summary>
    /// The names for a number of classes of which nothing else is known: those of the data set of <see cref="UsualSource"/>, or
    /// <c>class 0</c> and so on.
    /// </summary>
    /// <exception cref="DatasetException">The number is out of range.</exception>
    public static ClassNames Usual(int classes) => classes switch
    {
        150 => Ade20k,
        21 => Voc,
        19 => Cityscapes,
        _ => new(Enumerable.Range(0, Math.Clamp(classes, 0, Palette.MaxColours + 1))
            .Select(index => string.Create(CultureInfo.InvariantCulture, $"class {index}"))),
    };

    /// <summary>
    /// The data set that published networks of so many classes are trained on, ADE20K, PASCAL VOC or Cityscapes: where nothing
    /// else is known, its names and colours are assumed. Null for any other number.
    /// </summary>
    public static string? UsualSource(int classes) => classes switch
    {
        150 => "ADE20K",
        21 => "PASCAL VOC",
        19 => "Cityscapes",
        _ => null,
    };

    /// <inheritdoc/>
    public int Count => _names.Length;

    /// <inheritdoc/>
    public string this[int index] => _names[index];

    /// <summary>Reads a text file with a name a line. Empty lines may end the file, not stand inside it.</summary>
    /// <exception cref="DatasetException">The file cannot be read, has an empty line or no or too many names.</exception>
    public static ClassNames Read(string path) => Parse(TextLines.Read(path, Error), path);

    /// <summary>Reads such a file from a stream to its end; what the stream throws comes through.</summary>
    /// <param name="stream">The stream, which need not seek and stays open.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="DatasetException">As for a file.</exception>
    public static ClassNames Read(Stream stream, string name) => Parse(TextLines.Read(stream, name, Error), name);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static DatasetException Error(string message, Exception? inner) => new(message, inner);

    private static ClassNames Parse(IEnumerable<(int Number, string Text)> lines, string path)
    {
        var names = new List<string>();
        int count = 0;
        int? empty = null;
        foreach ((int number, string line) in lines)
        {
            if (line.Length == 0)
                continue;
            if (number > count + 1)
                empty ??= count + 1;
            count = number;
            if (count <= Palette.MaxColours)
                names.Add(line);
        }
        if (count is 0 or > Palette.MaxColours)
            throw new DatasetException($"'{path}' has {count} class names; write 1 to {Palette.MaxColours}, one a line");
        // Skipping it would shift the index of every class that follows.
        if (empty is not null)
            throw new DatasetException($"'{path}', line {empty}: empty; every line names a class, remove it or name the class");
        return new ClassNames(names);
    }

    private static ClassNames Split(string names) =>
        new(names.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Its kind and length: <c>ClassNames of 19</c>.</summary>
    public override string ToString() => $"ClassNames of {Count}";
}
