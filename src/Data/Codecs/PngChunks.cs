using System.Buffers.Binary;

namespace SpGpu.Data.Codecs;

/// <summary>The frame that a PNG file is built of: signature, then chunks of length, type, content and checksum.</summary>
internal static class PngChunks
{
    /// <summary>No deflate stream grows by more than this, so a header that asks for more lies.</summary>
    public const int MaxDeflateRatio = 1032;

    /// <summary>The first eight bytes of every PNG file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a chunk; <paramref name="type"/> is four ASCII letters.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(type, content));
        stream.Write(number);
    }

    /// <summary>
    /// Takes the next chunk off <paramref name="rest"/>. False if it is cut short or its checksum is wrong.
    /// </summary>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        type = content = default;
        if (rest.Length < 12)
            return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 12)
            return false;
        type = rest.Slice(4, 4);
        content = rest.Slice(8, (int)length);
        uint crc = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]);
        rest = rest[(12 + (int)length)..];
        return crc == Crc(type, content);
    }

    private static uint Crc(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content) => ~Crc32.Add(Crc32.Add(Crc32.Start, type), content);
}
