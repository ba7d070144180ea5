using System.Buffers.Binary;
using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>Finds the orientation in EXIF data, whatever the picture's format.</summary>
internal static class ExifOrientation
{
    private const ushort Tag = 0x0112, Short = 3;

    /// <summary>What stands before EXIF data in a JPEG, and by mistake in files of other formats.</summary>
    public static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>The corner that the first stored pixel belongs in; the top left one where the data says nothing of use.</summary>
    /// <param name="exif">A TIFF header and what follows it, with or without <see cref="Prefix"/>.</param>
    public static SKEncodedOrigin Of(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith(Prefix))
            exif = exif[Prefix.Length..];
        bool little = exif.StartsWith("II*\0"u8);
        if (exif.Length < 8 || !little && !exif.StartsWith("MM\0*"u8))
            return SKEncodedOrigin.TopLeft;
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (directory > exif.Length - 2)
            return SKEncodedOrigin.TopLeft;
        ReadOnlySpan<byte> entries = exif[(int)directory..];
        int count = Number(entries, little);
        entries = entries[2..];
        // An entry has a tag, a type, a count and a value that starts where 16 bits are wanted.
        for (; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
        {
            if (Number(entries, little) != Tag || Number(entries[2..], little) != Short)
                continue;
            int value = Number(entries[8..], little);
            return value is >= (int)SKEncodedOrigin.TopLeft and <= (int)SKEncodedOrigin.LeftBottom
                ? (SKEncodedOrigin)value
                : SKEncodedOrigin.TopLeft;
        }
        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
