using System.Buffers.Binary;

namespace SpGpu.Data.Codecs;

/// <summary>Looks whether a BMP has the rows that its header promises.</summary>
internal static class BmpPicture
{
    // Of the file, then of the picture; the old header of 12 bytes has no field for compression.
    private const int FileHeader = 14, OldHeader = 12, NewHeader = 40;

    private const uint Plain = 0, Masks = 3, AlphaMasks = 6;

    /// <summary>Gives the file as it is.</summary>
    public static CheckedPicture Check(byte[] file)
    {
        (long width, long height, int bits, uint compression) = Header(file);
        // Rows are padded to four bytes; those that are run-length encoded may have any length.
        bool fixedRows = compression is Plain or Masks or AlphaMasks && Pixels(file) <= RgbImage.MaxPixels;
        return new CheckedPicture(file, file.Length)
        {
            HasTooLittleData = fixedRows && (width * bits + 31) / 32 * 4 * height > file.Length,
        };
    }

    /// <summary>How many pixels it has, by its first bytes; 0 if they make no sense, which the decoder finds.</summary>
    public static long Pixels(ReadOnlySpan<byte> first)
    {
        (long width, long height, _, _) = Header(first);
        return width * height;
    }

    private static (long Width, long Height, int Bits, uint Compression) Header(ReadOnlySpan<byte> first)
    {
        ReadOnlySpan<byte> header = first[FileHeader..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) == OldHeader)
        {
            return header.Length < OldHeader ? default
                : (Short(header, 4), Short(header, 6), Short(header, 10), Plain);
        }
        if (header.Length < NewHeader)
            return default;
        // Rows from the top are told by a negative height.
        long width = BinaryPrimitives.ReadInt32LittleEndian(header[4..]), height = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        return width <= 0 ? default : (width, Math.Abs(height), Short(header, 14), BinaryPrimitives.ReadUInt32LittleEndian(header[16..]));
    }

    private static ushort Short(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt16LittleEndian(header[at..]);
}
