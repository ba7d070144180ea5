using SpGpu.Data;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>What a weights file says of its network's classes in its metadata, by class index.</summary>
/// <param name="Names">Their names; null where the file has none.</param>
/// <param name="Colours">Their colours; null where the file has none.</param>
public sealed record NetworkClasses(ClassNames? Names, Palette? Colours)
{
    private const string NamesKey = WeightsFile.NetworkPrefix + "class_names", ColoursKey = WeightsFile.NetworkPrefix + "class_colours";

    /// <summary>A name a line, and colours as six hexadecimal digits with blanks between them.</summary>
    public IReadOnlyDictionary<string, string> Metadata
    {
        get
        {
            var metadata = new Dictionary<string, string>();
            if (Names is not null)
                metadata[NamesKey] = string.Join('\n', Names);
            if (Colours is not null)
                metadata[ColoursKey] = string.Join(' ', Colours.Select(colour => colour.ToHex()));
            return metadata;
        }
    }

    /// <summary>Reads what <see cref="Metadata"/> has.</summary>
    /// <param name="metadata">The metadata of a file; others of its texts do not matter.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="WeightsException">There are more or fewer than classes, or something is no name or no colour.</exception>
    public static NetworkClasses Read(IReadOnlyDictionary<string, string> metadata, int classes, string file)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new NetworkClasses(
            Read(NamesKey, '\n', "names", words => new ClassNames(words)),
            Read(ColoursKey, ' ', "colours", words => new Palette(words.Select(word => Rgb.FromHex(word) ?? throw new ImageException(
                $"{Quoted.Text(word)} is no colour of six hexadecimal digits")))));

        T? Read<T>(string key, char separator, string what, Func<string[], T> make) where T : class
        {
            if (!metadata.TryGetValue(key, out string? text))
                return null;
            string[] words = text.Split(separator);
            try
            {
                return words.Length == classes
                    ? make(words)
                    : throw new DatasetException($"there are {words.Length} {what} for {classes} classes");
            }
            catch (SpGpuException error)
            {
                throw new WeightsException($"'{file}' has {key} in its metadata that cannot be used: {error.Message}; save it anew", error);
            }
        }
    }
}
