using SkiaSharp;
using SpGpu.Data;

namespace SpGpu.Bridges;

/// <summary>Between SkiaSharp's bitmaps and pictures.</summary>
internal static class SkiaBridge
{
    /// <summary>Copies the pixels of a bitmap; alpha is dropped.</summary>
    public static RgbImage FromBitmap(SKBitmap bitmap)
    {
        if (bitmap.ColorType is not (SKColorType.Bgra8888 or SKColorType.Rgba8888))
        {
            using SKBitmap usual = bitmap.Copy(SKColorType.Bgra8888);
            return FromBitmap(usual);
        }
        PixelOrder order = bitmap.ColorType == SKColorType.Bgra8888 ? PixelOrder.Bgra : PixelOrder.Rgba;
        return new RgbImage(bitmap.GetPixelSpan(), bitmap.Width, bitmap.Height, bitmap.RowBytes, order);
    }

    /// <summary>A bitmap with the pixels of a picture, to be disposed of.</summary>
    public static SKBitmap ToBitmap(RgbImage image)
    {
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        Span<byte> to = bitmap.GetPixelSpan();
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            ReadOnlySpan<byte> from = image.Pixels.AsSpan(3 * i, 3);
            (to[4 * i], to[4 * i + 1], to[4 * i + 2], to[4 * i + 3]) = (from[2], from[1], from[0], 255);
        }
        return bitmap;
    }
}
