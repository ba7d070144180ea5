using System.Collections.ObjectModel;
using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>
/// Reads and writes .safetensors files of whatever tensors. Reading goes from the file straight into the arrays of the
/// tensors; a length that the file merely claims takes no memory.
/// </summary>
public static class SafeTensors
{
    internal const string MetadataKey = "__metadata__";

    /// <summary>The format's name.</summary>
    internal const string Kind = ".safetensors";

    /// <summary>Opens a file with all of its tensors under its own names.</summary>
    /// <exception cref="WeightsException">The file cannot be read or breaks a rule of the format.</exception>
    internal static WeightsFile Open(string path) => Open(path, null);

    /// <summary>The same with a text of one's own for a file that is of another kind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="advice">What is needed and what to do, behind the path and the kind of the file; null for the usual text.</param>
    internal static WeightsFile Open(string path, string? advice) =>
        WeightsFile.Open(ByteSource.Open(path), source => All(source, advice));

    /// <summary>The same for bytes that are in memory; <paramref name="name"/> is for messages.</summary>
    internal static WeightsFile Open(byte[] bytes, string name) =>
        WeightsFile.Open(new ByteSource(bytes, name), source => All(source, null));

    /// <summary>Reads all tensors of a file.</summary>
    /// <exception cref="WeightsException">The file cannot be read or breaks a rule of the format.</exception>
    public static StateDict Read(string path)
    {
        using WeightsFile file = Open(path);
        return StateDict.Load(file);
    }

    /// <summary>Reads all tensors of a stream, which may be one that cannot seek.</summary>
    /// <param name="stream">Read to its end; not closed. What it throws comes through.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="WeightsException">The stream breaks a rule of the format, or has more than 2 GiB.</exception>
    public static StateDict Read(Stream stream, string name)
    {
        using var file = WeightsFile.Open(ByteSource.Read(stream, name), source => All(source, null));
        return StateDict.Load(file);
    }

    /// <summary>Writes tensors and, if given, metadata as a whole file or not at all.</summary>
    /// <exception cref="WeightsException">A tensor has a name that the format keeps for itself.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, StateDict tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    /// <summary>Writes the same into a stream, which is not closed; what the stream throws comes through.</summary>
    /// <exception cref="WeightsException">A tensor has a name that the format keeps for itself.</exception>
    public static void Write(Stream stream, StateDict tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        IEnumerable<WrittenTensor> written = tensors.Select(pair => Written(pair.Key, pair.Value));
        SafeTensorsWriter.Write(stream, written, metadata ?? ReadOnlyDictionary<string, string>.Empty);
    }

    /// <summary>
    /// Reads the header. Tensors cannot share data here, so that a file takes at most eight times its size: where 8 bits
    /// become 64.
    /// </summary>
    internal static StoredTensors Tensors(ByteSource source)
    {
        var header = SafeTensorsHeader.Read(source);
        return new StoredTensors(Kind, [.. header.Entries.Select(Stored)], header.Metadata);

        StoredTensor Stored(SafeTensorsHeader.Entry entry)
        {
            ByteSource Bytes() => source.Slice(header.DataStart + entry.Begin, entry.End - entry.Begin);
            return new(entry.Name, entry.Type, entry.Shape, () => new StoredElements(Bytes(), 0, entry.Type, entry.Shape, entry.Count));
        }
    }

    private static StoredTensors All(ByteSource source, string? advice)
    {
        if (!SafeTensorsHeader.IsIn(source) && FileFormat.Of(source) is { } kind)
        {
            throw advice is null
                ? source.Refused($"it is {kind.Name}, and a .safetensors file is needed", kind.Remedy)
                : new WeightsException($"'{source.Name}' is {kind.Name}, and {advice}");
        }
        return Tensors(source);
    }

    private static WrittenTensor Written(string name, HostTensor tensor)
    {
        ElementType type = tensor.Data switch { float[] => ElementType.F32, long[] => ElementType.I64, _ => ElementType.U8 };
        return new(name, type, tensor.Shape, stream => SafeTensorsWriter.WriteElements(stream, tensor));
    }
}
