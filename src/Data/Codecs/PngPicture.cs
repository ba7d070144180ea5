using System.Buffers.Binary;
using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>
/// Takes from a PNG the chunks that its pixels do not need. The decoder collects each of them in a buffer that grows by
/// 4 KB at a time, which takes time by the square of its length, and unpacks profiles and texts that nobody asks for.
/// </summary>
internal static class PngPicture
{
    // Of those that are interlaced and have 16 bits a channel the decoder keeps every pixel twice.
    private const int MaxDeepInterlacedPixels = 25_000_000;

    private const int Frame = 12, HeaderLength = 13, MaxPaletteLength = 3 * 256;

    /// <summary>A lower-case first letter says that a picture can be shown without the chunk.</summary>
    private const byte Ancillary = 0x20;

    /// <exception cref="ImageException">It is cut short, or has a chunk that is not of PNG or has an impossible length.</exception>
    public static CheckedPicture Check(byte[] file, string name)
    {
        SKEncodedOrigin? origin = null;
        long needed = 0, data = 0;
        int to = PngChunks.Signature.Length;
        for (int from = to; ;)
        {
            int left = file.Length - from - Frame;
            uint length = left < 0 ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(from));
            if (length > left)
                throw CheckedPicture.CutShort(name);
            Span<byte> chunk = file.AsSpan(from, Frame + (int)length);
            ReadOnlySpan<byte> type = chunk.Slice(4, 4), content = chunk[8..^4];
            from += chunk.Length;
            bool last = type.SequenceEqual("IEND"u8), pixels = type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("eXIf"u8))
                origin ??= ExifOrientation.Of(content);
            else if (type.SequenceEqual("IHDR"u8) && content.Length == HeaderLength)
                needed = Bytes(content, name);
            else if (pixels)
                data += content.Length;
            else if ((type[0] & Ancillary) == 0 && !(last && content.Length == 0)
                && !(type.SequenceEqual("PLTE"u8) && content.Length <= MaxPaletteLength))
                throw new ImageException(
                    $"cannot read '{name}': the PNG is damaged or not of the standard, it has a chunk that no PNG has; " +
                    "save it again with another program");
            // Empty ones are allowed and mean nothing.
            if ((type[0] & Ancillary) == 0 && !(pixels && content.Length == 0))
            {
                chunk.CopyTo(file.AsSpan(to));
                to += chunk.Length;
            }
            if (last)
                return new CheckedPicture(file, to, origin ?? SKEncodedOrigin.TopLeft)
                {
                    HasTooLittleData = needed > data * PngChunks.MaxDeflateRatio,
                };
        }
    }

    /// <summary>How many pixels it has, by its first bytes; 0 if they make no sense, which the decoder finds.</summary>
    public static long Pixels(ReadOnlySpan<byte> first)
    {
        ReadOnlySpan<byte> header = first[Math.Min(first.Length, PngChunks.Signature.Length + 8)..];
        return header.Length < 8 ? 0
            : (long)Math.Min((ulong)BinaryPrimitives.ReadUInt32BigEndian(header) * BinaryPrimitives.ReadUInt32BigEndian(header[4..]),
                RgbImage.MaxPixels);
    }

    /// <summary>What the pixels take, unpacked and without filters; 0 if the header makes no sense, which the decoder finds.</summary>
    private static long Bytes(ReadOnlySpan<byte> header, string name)
    {
        ulong width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]),
            pixels = width * height;
        (int bits, int channels, bool interlaced) =
            (header[8], header[9] switch { 0 or 3 => 1, 4 => 2, 2 => 3, 6 => 4, _ => 0 }, header[12] != 0);
        // Refused for its size alone, by the decoder's caller.
        if (pixels > RgbImage.MaxPixels)
            return 0;
        if (interlaced && bits == 16 && pixels > MaxDeepInterlacedPixels)
        {
            throw new ImageException(
                $"cannot read '{name}': {width} x {height} pixels of 16 bits, interlaced, are above the limit of " +
                $"{MaxDeepInterlacedPixels / 1_000_000} megapixels for these; "
                    + "save it without interlacing or with 8 bits");
        }
        return (long)pixels * bits * channels / 8;
    }
}
