using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>
/// Reads and writes .safetensors files. Reading goes from the file straight into the arrays of the tensors; a length
/// that the file merely claims takes no memory.
/// </summary>
public static class SafeTensors
{
    internal const string MetadataKey = "__metadata__";

    /// <summary>The format's name.</summary>
    internal const string Kind = ".safetensors";

    /// <summary>The largest piece that is handed to a stream at once.</summary>
    private const int WriteChunk = 1 << 20;

    /// <summary>Reads all tensors of a file.</summary>
    /// <exception cref="WeightsException">The file cannot be read or breaks a rule of the format.</exception>
    public static StateDict Read(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        return Read(source);
    }

    /// <summary>Reads all tensors of a file that is in memory; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="WeightsException">The bytes break a rule of the format.</exception>
    public static StateDict Read(byte[] bytes, string name)
    {
        using var source = new ByteSource(bytes, name);
        return Read(source);
    }

    /// <summary>Reads the header of a file alone: names, number types, shapes and metadata.</summary>
    /// <exception cref="WeightsException">The file cannot be read or breaks a rule of the format.</exception>
    public static SafeTensorsDescription Describe(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        SafeTensorsHeader header = SafeTensorsHeader.Read(source);
        return new SafeTensorsDescription(
            [.. header.Entries.Select(entry => new TensorDescription(entry.Name, entry.Type.ToString(), entry.Shape))],
            header.Metadata);
    }

    /// <summary>Writes tensors and, if given, metadata as a whole file or not at all.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, StateDict tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        // Wide elements first, so that every tensor lies at a multiple of its element size and can be mapped.
        KeyValuePair<string, HostTensor>[] placed = [.. tensors.OrderByDescending(pair => Format(pair.Value.Data).Size())];
        byte[] header = Header(tensors, placed, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach ((_, HostTensor tensor) in placed)
                WriteData(stream, tensor.Data);
        });
    }

    /// <summary>
    /// Reads the header. Tensors cannot share data here, so that a file takes at most eight times its size: where 8 bits
    /// become 64.
    /// </summary>
    internal static StoredTensors Open(ByteSource source)
    {
        SafeTensorsHeader header = SafeTensorsHeader.Read(source);
        return new StoredTensors(Kind, [.. header.Entries.Select(Stored)], header.Metadata);

        StoredTensor Stored(SafeTensorsHeader.Entry entry)
        {
            ByteSource Bytes() => source.Slice(header.DataStart + entry.Begin, entry.End - entry.Begin);
            return new(entry.Name, entry.Type, entry.Shape, 0, () => new StoredElements(Bytes(), 0, entry.Type, entry.Shape, entry.Count));
        }
    }

    private static StateDict Read(ByteSource source) => Open(source).Load(source);

    /// <summary>The length and the JSON, padded with blanks so that the data starts at a multiple of 8.</summary>
    private static byte[] Header(
        StateDict tensors, KeyValuePair<string, HostTensor>[] placed, IReadOnlyDictionary<string, string>? metadata)
    {
        var begins = new Dictionary<string, long>(StringComparer.Ordinal);
        long next = 0;
        foreach ((string name, HostTensor tensor) in placed)
        {
            begins[name] = next;
            next += Bytes(tensor);
        }
        using var json = new MemoryStream();
        json.Write(stackalloc byte[sizeof(ulong)]);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
                WriteMetadata(writer, metadata);
            foreach ((string name, HostTensor tensor) in tensors)
                WriteEntry(writer, name, tensor, begins[name]);
            writer.WriteEndObject();
        }
        while (json.Length % sizeof(ulong) != 0)
            json.WriteByte((byte)' ');
        byte[] header = json.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(ulong));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata)
    {
        writer.WriteStartObject(MetadataKey);
        // In a fixed order, so that the same content is the same file.
        foreach ((string key, string text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            writer.WriteString(key, text);
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, string name, HostTensor tensor, long begin)
    {
        if (name == MetadataKey)
            throw new WeightsException(
                $"a tensor cannot be called '{MetadataKey}' in a .safetensors file; give it another name");
        writer.WriteStartObject(name);
        writer.WriteString("dtype", Format(tensor.Data).ToString());
        writer.WriteStartArray("shape");
        foreach (int extent in tensor.Shape)
            writer.WriteNumberValue(extent);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(begin + Bytes(tensor));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteData(Stream stream, Array data)
    {
        switch (data)
        {
            case float[] floats:
                WriteElements<float>(stream, floats);
                break;
            case long[] integers:
                WriteElements<long>(stream, integers);
                break;
            case byte[] bytes:
                WriteElements<byte>(stream, bytes);
                break;
        }
    }

    private static void WriteElements<T>(Stream stream, ReadOnlySpan<T> elements) where T : unmanaged
    {
        for (; !elements.IsEmpty; elements = elements[Math.Min(WriteChunk, elements.Length)..])
            stream.Write(MemoryMarshal.AsBytes(elements[..Math.Min(WriteChunk, elements.Length)]));
    }

    private static ElementType Format(Array data) => data switch
    {
        float[] => ElementType.F32,
        long[] => ElementType.I64,
        _ => ElementType.U8,
    };

    private static long Bytes(HostTensor tensor) => (long)tensor.Count * Format(tensor.Data).Size();
}
