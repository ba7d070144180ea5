using SkiaSharp;

namespace SpGpu.Data.Tests;

/// <summary>Small pictures in the formats that photos/ does not have.</summary>
internal static class OtherFormats
{
    /// <summary>2 x 2, 24 bits: blue first, rows from the bottom, padded to 4 bytes.</summary>
    public static readonly byte[] Bmp = [
        (byte)'B', (byte)'M', 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
        40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 16, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        7, 8, 9, 10, 11, 12, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0];

    /// <summary>
    /// 2 x 1, two colours; a second frame has them swapped. Codes of 3 bits: clear, pixel, pixel, end.
    /// </summary>
    public static readonly byte[] Gif = [
        .. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 250, 1, 2, 3, 4, 240,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0b01_000_100, 0b0000101_0, 0,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0b00_001_100, 0b0000101_0, 0,
        0x3B];

    /// <summary>The photograph codec/rgb.png, to the last bit.</summary>
    public static byte[] LosslessWebp() => Webp(SKWebpEncoderCompression.Lossless);

    /// <summary>The photograph codec/rgb.png, nearly.</summary>
    public static byte[] LossyWebp() => Webp(SKWebpEncoderCompression.Lossy);

    /// <summary>A lossless WebP in the form that has a place for more, with more chunks behind its picture.</summary>
    public static byte[] Extended(byte[] webp, byte[] chunks)
    {
        using var codec = SKCodec.Create(new MemoryStream(webp));
        (int right, int bottom) = (codec.Info.Width - 1, codec.Info.Height - 1);
        // The flags say that there are a profile, EXIF and XMP, whether there are or not.
        byte[] body = [
            .. "WEBPVP8X"u8, 10, 0, 0, 0, 0x2C, 0, 0, 0, (byte)right, (byte)(right >> 8), 0, (byte)bottom, (byte)(bottom >> 8), 0,
            .. webp[webp.AsSpan().IndexOf("VP8L"u8)..], .. chunks];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];
    }

    private static byte[] Webp(SKWebpEncoderCompression compression)
    {
        using var bitmap = SKBitmap.Decode(Photos.PathOf("codec", "rgb.png"));
        using SKPixmap pixels = bitmap.PeekPixels()!;
        using SKData data = pixels.Encode(new SKWebpEncoderOptions(compression, 50))!;
        return data.ToArray();
    }
}
