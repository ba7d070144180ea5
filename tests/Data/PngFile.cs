using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SpGpu.Data.Tests;

/// <summary>Builds PNG files of every kind, right or wrong, independently of the library's own writer.</summary>
internal sealed class PngFile
{
    private readonly List<byte> _file = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public PngFile Header(uint width, uint height, byte bits, byte colour, byte interlace = 0)
    {
        byte[] content = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(content, width);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(4), height);
        (content[8], content[9], content[12]) = (bits, colour, interlace);
        return Chunk("IHDR", content);
    }

    /// <summary>Compresses rows that already start with their filter byte.</summary>
    public PngFile Data(params byte[] filteredRows)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(filteredRows);
        return Chunk("IDAT", compressed.ToArray());
    }

    public PngFile Chunk(string type, params byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        _file.AddRange(number);
        _file.AddRange(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        _file.AddRange(number);
        return this;
    }

    public byte[] End() => Chunk("IEND").WithoutEnd();

    public byte[] WithoutEnd() => [.. _file];

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
