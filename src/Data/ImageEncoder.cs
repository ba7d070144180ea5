using SkiaSharp;

namespace SpGpu.Data;

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
        // Into memory first: an error of the disk must not cross the native encoder.
        using SKData data = Encode(image, format)
            ?? throw new ImageException($"cannot write '{path}': {format} cannot hold {image.Width} x {image.Height} pixels; write a smaller picture or another format");
        AtomicFile.Write(path, data.SaveTo);
    }

    private static SKData? Encode(RgbImage image, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
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
