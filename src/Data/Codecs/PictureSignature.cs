using System.Buffers.Binary;

namespace SpGpu.Data.Codecs;

/// <summary>Tells formats apart by the first bytes, so that no decoder sees a file of a format that is not read.</summary>
internal static class PictureSignature
{
    private const string Supported = "SpGpu reads JPEG, PNG, WebP, BMP and GIF";

    // The longest header of a BMP has 124 bytes; without this look at its length, every text that starts with BM were one.
    private const uint MaxBmpHeader = 256;

    /// <summary>The format of a file.</summary>
    /// <param name="first">Its first bytes, or all.</param>
    /// <param name="name">What the error message calls it.</param>
    /// <exception cref="ImageException">It is of another format; where that is known, with its name.</exception>
    public static PictureFormat Of(ReadOnlySpan<byte> first, string name)
    {
        if (first.Length == 0)
            throw new ImageException($"cannot read '{name}': the file is empty; copy or download it again");
        if (first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return PictureFormat.Jpeg;
        if (first.StartsWith(PngChunks.Signature))
            return PictureFormat.Png;
        if (first.StartsWith("RIFF"u8) && Has(first, 8, "WEBP"u8))
            return PictureFormat.WebP;
        if (first.StartsWith("GIF87a"u8) || first.StartsWith("GIF89a"u8))
            return PictureFormat.Gif;
        if (first.StartsWith("BM"u8) && first.Length >= 18 && BinaryPrimitives.ReadUInt32LittleEndian(first[14..]) <= MaxBmpHeader)
            return PictureFormat.Bmp;
        throw new ImageException(Other(first) is { } other
            ? $"cannot read '{name}': {other} files are not supported; {Supported}: convert it to one of these"
            : $"cannot read '{name}': it is not a picture of a known format, or its first bytes are damaged or missing; " +
                $"{Supported}: convert it to one of these");
    }

    /// <summary>The name of a format that people take for one that is read; null if it is none of those.</summary>
    private static string? Other(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith("II*\0"u8) || first.StartsWith("MM\0*"u8) || first.StartsWith("II+\0"u8) || first.StartsWith("MM\0+"u8))
            return "TIFF (and raw camera)";
        if (first.StartsWith("IIU\0"u8) || first.StartsWith("IIRO"u8) || first.StartsWith("IIRS"u8)
            || first.StartsWith("FUJIFILMCCD-RAW"u8))
            return "raw camera";
        if (Has(first, 4, "ftyp"u8))
            return Brand(first);
        if (first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || Has(first, 4, "JXL \r\n"u8))
            return "JPEG XL";
        if (first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) || Has(first, 4, "jP  \r\n"u8))
            return "JPEG 2000";
        if (first.StartsWith("%PDF"u8))
            return "PDF";
        if (first.IndexOf("<svg"u8) >= 0)
            return "SVG";
        if (first.StartsWith("8BPS"u8))
            return "Photoshop";
        return first.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) ? "Icon (.ico)" : null;
    }

    /// <summary>Of files in boxes, which the brand at the start tells apart.</summary>
    private static string Brand(ReadOnlySpan<byte> first)
    {
        if (Has(first, 8, "avif"u8) || Has(first, 8, "avis"u8))
            return "AVIF";
        if (Has(first, 8, "crx "u8))
            return "raw camera";
        return Has(first, 8, "he"u8) || Has(first, 8, "mif1"u8) || Has(first, 8, "msf1"u8) ? "HEIC" : "video";
    }

    private static bool Has(ReadOnlySpan<byte> first, int at, ReadOnlySpan<byte> text) =>
        first.Length >= at && first[at..].StartsWith(text);
}
