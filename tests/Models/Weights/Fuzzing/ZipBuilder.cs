using System.IO.Compression;
using System.Text;

namespace SpGpu.Models.Tests.Weights.Fuzzing;

/// <summary>One record of a <see cref="ZipBuilder"/>; what is not set follows from the content.</summary>
internal sealed record ZipItem(string Name, byte[] Content)
{
    public bool IsDeflated { get; init; }

    public ushort Flags { get; init; }

    /// <summary>What the header in front of the record says, where it should differ from the directory.</summary>
    public string? LocalName { get; init; }

    public ushort? LocalFlags { get; init; }

    public uint? Crc { get; init; }

    /// <summary>The length that the directory claims for the content.</summary>
    public uint? Length { get; init; }

    /// <summary>The method number, where it should not be that of stored or deflated records.</summary>
    public ushort? Method { get; init; }

    /// <summary>An extra field for the directory entry.</summary>
    public byte[] Extra { get; init; } = [];

    /// <summary>The place of the header that the directory claims.</summary>
    public uint? HeaderStart { get; init; }
}

/// <summary>Writes zip archives with right checksums, and lies where it is told to.</summary>
internal static class ZipBuilder
{
    public static byte[] Build(params IEnumerable<ZipItem> items)
    {
        using var zip = new MemoryStream();
        using var writer = new BinaryWriter(zip);
        using var directory = new MemoryStream();
        using var directoryWriter = new BinaryWriter(directory);
        ushort count = 0;
        foreach (ZipItem item in items)
        {
            byte[] stored = item.IsDeflated ? Deflate(item.Content) : item.Content;
            uint start = (uint)zip.Position;
            writer.Write("PK\x03\x04"u8);
            WriteCommon(writer, item, item.LocalFlags ?? item.Flags, stored.Length);
            byte[] localName = Encoding.UTF8.GetBytes(item.LocalName ?? item.Name);
            writer.Write((ushort)localName.Length);
            writer.Write((ushort)0);
            writer.Write(localName);
            writer.Write(stored);
            directoryWriter.Write("PK\x01\x02"u8);
            directoryWriter.Write((ushort)20);
            WriteCommon(directoryWriter, item, item.Flags, stored.Length);
            byte[] name = Encoding.UTF8.GetBytes(item.Name);
            directoryWriter.Write((ushort)name.Length);
            directoryWriter.Write((ushort)item.Extra.Length);
            directoryWriter.Write(new byte[10]);
            directoryWriter.Write(item.HeaderStart ?? start);
            directoryWriter.Write(name);
            directoryWriter.Write(item.Extra);
            count++;
        }
        uint directoryStart = (uint)zip.Position;
        writer.Write(directory.ToArray());
        writer.Write("PK\x05\x06"u8);
        writer.Write(0);
        writer.Write(count);
        writer.Write(count);
        writer.Write((uint)directory.Length);
        writer.Write(directoryStart);
        writer.Write((ushort)0);
        return zip.ToArray();
    }

    /// <summary>Takes an archive apart with the reader of .NET, to put it together again with changes.</summary>
    public static List<ZipItem> Items(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        var items = new List<ZipItem>();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            items.Add(new ZipItem(entry.FullName, content.ToArray()));
        }
        return items;
    }

    /// <summary>The checksum, bit by bit: another way than that of the reader that is tested with it.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
        }
        return ~crc;
    }

    /// <summary>The fields that both headers have in the same order, from the version to the lengths.</summary>
    private static void WriteCommon(BinaryWriter writer, ZipItem item, ushort flags, int storedLength)
    {
        writer.Write((ushort)20);
        writer.Write(flags);
        writer.Write(item.Method ?? (ushort)(item.IsDeflated ? 8 : 0));
        writer.Write(0);
        writer.Write(item.Crc ?? Crc32(item.Content));
        writer.Write((uint)storedLength);
        writer.Write(item.Length ?? (uint)item.Content.Length);
    }

    private static byte[] Deflate(byte[] content)
    {
        using var stored = new MemoryStream();
        using (var stream = new DeflateStream(stored, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(content);
        return stored.ToArray();
    }
}
