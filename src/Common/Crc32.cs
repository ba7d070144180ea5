using System.Buffers.Binary;

namespace SpGpu;

/// <summary>
/// The checksum of zip archives and PNG chunks (polynomial 0xEDB88320, reflected), eight bytes a step. By hand: the
/// runtime has it only in a separate package.
/// </summary>
internal static class Crc32
{
    /// <summary>What a checksum starts from; the complement of the last <see cref="Add"/> is the checksum.</summary>
    public const uint Start = uint.MaxValue;

    private const uint Polynomial = 0xEDB88320;

    /// <summary>Row k holds the effect of a byte that k more bytes follow.</summary>
    private static readonly uint[][] _tables = Tables();

    /// <summary>Carries a checksum on over more bytes.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[][] t = _tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][(byte)low] ^ t[6][(byte)(low >> 8)] ^ t[5][(byte)(low >> 16)] ^ t[4][low >> 24]
                ^ t[3][(byte)high] ^ t[2][(byte)(high >> 8)] ^ t[1][(byte)(high >> 16)] ^ t[0][high >> 24];
        }
        foreach (byte value in bytes)
            crc = crc >> 8 ^ t[0][(byte)(crc ^ value)];
        return crc;
    }

    private static uint[][] Tables()
    {
        uint[][] tables = [.. Enumerable.Range(0, 8).Select(_ => new uint[256])];
        for (uint value = 0; value < 256; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ ((crc & 1) == 0 ? 0 : Polynomial);
            tables[0][value] = crc;
        }
        for (int row = 1; row < 8; row++)
        {
            for (int value = 0; value < 256; value++)
                tables[row][value] = tables[row - 1][value] >> 8 ^ tables[0][(byte)tables[row - 1][value]];
        }
        return tables;
    }
}
