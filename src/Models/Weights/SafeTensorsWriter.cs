using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>Writes .safetensors files: the header, then the elements of one tensor after the other.</summary>
internal static class SafeTensorsWriter
{
    /// <summary>The largest piece that is handed to a stream at once.</summary>
    private const int WriteChunk = 1 << 20;

    /// <summary>Writes header and elements.</summary>
    /// <exception cref="WeightsException">A tensor cannot be read, or has a name that the format keeps for itself.</exception>
    public static void Write(Stream stream, IEnumerable<WrittenTensor> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        WrittenTensor[] named = [.. tensors];
        // Wide elements first, so that every tensor lies at a multiple of its element size and can be mapped.
        WrittenTensor[] placed = [.. named.OrderByDescending(tensor => tensor.Type.Size())];
        stream.Write(Header(named, placed, metadata));
        foreach (WrittenTensor tensor in placed)
            tensor.Write(stream);
    }

    /// <summary>Writes the elements of a tensor that is in memory.</summary>
    public static void WriteElements(Stream stream, HostTensor tensor)
    {
        switch (tensor.Data)
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

    /// <summary>The length and the JSON, padded with blanks so that the data starts at a multiple of 8.</summary>
    private static byte[] Header(WrittenTensor[] named, WrittenTensor[] placed, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var begins = new Dictionary<string, long>(StringComparer.Ordinal);
        long next = 0;
        foreach (WrittenTensor tensor in placed)
        {
            begins[tensor.Name] = next;
            next += tensor.Bytes;
        }
        using var json = new MemoryStream();
        json.Write(stackalloc byte[sizeof(ulong)]);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            foreach (WrittenTensor tensor in named)
                WriteEntry(writer, tensor, begins[tensor.Name]);
            writer.WriteEndObject();
        }
        while (json.Length % sizeof(ulong) != 0)
            json.WriteByte((byte)' ');
        byte[] header = json.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(ulong));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        // In a fixed order, so that the same content is the same file.
        KeyValuePair<string, string>[] texts = [.. metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)];
        if (texts.Length == 0)
            return;
        writer.WriteStartObject(SafeTensors.MetadataKey);
        foreach ((string key, string text) in texts)
            writer.WriteString(key, text);
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, WrittenTensor tensor, long begin)
    {
        if (tensor.Name == SafeTensors.MetadataKey)
            throw new WeightsException(
                $"a tensor cannot be called '{SafeTensors.MetadataKey}' in a .safetensors file; give it another name");
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", tensor.Type.ToString());
        writer.WriteStartArray("shape");
        foreach (int extent in tensor.Shape)
            writer.WriteNumberValue(extent);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(begin + tensor.Bytes);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
