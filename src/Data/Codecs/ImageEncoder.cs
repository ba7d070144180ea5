using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>Writes pictures as PNG or JPEG.</summary>
internal static class ImageEncoder
{
    private const int JpegQuality = 95;

    public static void Write(RgbImage image, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // The longest sides that the native encoders and decoders take.
        (SKEncodedImageFormat format, int longest) = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => (SKEncodedImageFormat.Png, 1_000_000),
            ".JPG" or ".JPEG" => (SKEncodedImageFormat.Jpeg, RgbImage.MaxJpegSide),
            _ => throw new ImageException($"cannot write '{path}': pictures are written as .png or .jpg; change the extension"),
        };
        if (Math.Max(image.Width, image.Height) > longest)
            throw new ImageException(
                $"cannot write '{path}': {image.Width} x {image.Height} pixels, a side of a {format} has at most {longest}; " +
                "write a smaller picture");
        // Into memory first: an error of the disk must not cross the native encoder.
        using SKData data = Encode(image, format)
            ?? throw new ImageException(
                $"cannot write '{path}': no memory to encode {image.Width} x {image.Height} pixels; " +
                "close other programs or write a smaller picture");
        AtomicFile.Write(path, data.SaveTo);
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
