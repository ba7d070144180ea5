using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>Writes pictures as PNG or JPEG.</summary>
internal static class ImageEncoder
{
    private const int JpegQuality = 95;

    public static void Write(RgbImage image, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        SKEncodedImageFormat format = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => SKEncodedImageFormat.Png,
            ".JPG" or ".JPEG" => SKEncodedImageFormat.Jpeg,
            _ => throw new ImageException($"cannot write '{path}': pictures are written as .png or .jpg; change the extension"),
        };
        using SKData data = Encode(image, format, $"'{path}'");
        AtomicFile.Write(path, data.SaveTo);
    }

    public static void WritePng(RgbImage image, Stream stream) => Write(image, stream, SKEncodedImageFormat.Png);

    public static void WriteJpeg(RgbImage image, Stream stream) => Write(image, stream, SKEncodedImageFormat.Jpeg);

    private static void Write(RgbImage image, Stream stream, SKEncodedImageFormat format)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using SKData data = Encode(image, format, "a picture");
        stream.Write(data.AsSpan());
    }

    /// <summary>Into memory, always: what a disk or a stream throws must not cross the native encoder.</summary>
    private static SKData Encode(RgbImage image, SKEncodedImageFormat format, string name)
    {
        // The longest sides that the native encoders and decoders take.
        int longest = format == SKEncodedImageFormat.Png ? 1_000_000 : RgbImage.MaxJpegSide;
        if (Math.Max(image.Width, image.Height) > longest)
            throw new ImageException(
                $"cannot write {name}: {image.Width} x {image.Height} pixels, a side of a {format} has at most {longest}; " +
                "write a smaller picture");
        return Encode(image, format)
            ?? throw new ImageException(
                $"cannot write {name}: no memory to encode {image.Width} x {image.Height} pixels; " +
                "close other programs or write a smaller picture");
    }

    private static SKData? Encode(RgbImage image, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque)))
            return null;
        Span<byte> rgba = bitmap.GetPixelSpan();
        for (int from = 0, to = 0; from < image.Pixels.Length; from += 3, to += 4)
        {
            rgba[to] = image.Pixels[from];
            rgba[to + 1] = image.Pixels[from + 1];
            rgba[to + 2] = image.Pixels[from + 2];
            rgba[to + 3] = 255;
        }
        return bitmap.Encode(format, JpegQuality);
    }
}
