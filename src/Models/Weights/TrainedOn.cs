using System.Globalization;
using System.Text;

namespace SpGpu.Models.Weights;

/// <summary>
/// Which pictures a network was trained on, as its weights file says: their number, and a checksum of the list of their files,
/// by which lists are told apart.
/// </summary>
/// <param name="Pictures">The number of pictures.</param>
/// <param name="ListChecksum">
/// The CRC-32, in eight hexadecimal digits, of the files' paths below their common folder: in ordinal order, with /, a line each.
/// </param>
public sealed record TrainedOn(int Pictures, string ListChecksum)
{
    private const string PicturesKey = WeightsFile.NetworkPrefix + "training_pictures";
    private const string ChecksumKey = WeightsFile.NetworkPrefix + "training_list_crc32";

    /// <summary>What <see cref="Read"/> reads.</summary>
    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        [PicturesKey] = Pictures.ToString(CultureInfo.InvariantCulture),
        [ChecksumKey] = ListChecksum,
    };

    /// <summary>The number and the checksum of pictures; where their common folder lies does not matter.</summary>
    /// <param name="files">The pictures' paths, at least one.</param>
    public static TrainedOn Of(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        string[][] paths = [.. files.Select(file => Path.GetFullPath(file).Replace('\\', '/').Split('/'))];
        int common = 0;
        while (paths.All(path => common < path.Length - 1 && path[common] == paths[0][common]))
            common++;
        string[] lines = [.. paths.Select(path => string.Join('/', path[common..]))];
        Array.Sort(lines, StringComparer.Ordinal);
        byte[] list = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + '\n')));
        return new TrainedOn(lines.Length, (~Crc32.Add(Crc32.Start, list)).ToString("x8", CultureInfo.InvariantCulture));
    }

    /// <summary>What a file says; null where it says nothing that can be read.</summary>
    /// <param name="metadata">The metadata of a file.</param>
    public static TrainedOn? Read(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return int.TryParse(metadata.GetValueOrDefault(PicturesKey), NumberStyles.None, CultureInfo.InvariantCulture, out int pictures)
            && metadata.GetValueOrDefault(ChecksumKey) is { Length: 8 } checksum && checksum.All(char.IsAsciiHexDigitLower)
            ? new TrainedOn(pictures, checksum)
            : null;
    }
}
