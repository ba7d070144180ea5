using System.Runtime.Intrinsics;
using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>Drops alpha and applies the EXIF orientation in one pass over the pixels.</summary>
internal static class Upright
{
    private static readonly Vector128<byte> _withoutAlpha = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);

    /// <param name="rgba">4 bytes a pixel, rows as stored, without padding.</param>
    /// <param name="width">Pixels in a stored row.</param>
    /// <param name="height">Stored rows.</param>
    /// <param name="origin">The corner that the first stored pixel belongs in, and whether rows are columns.</param>
    public static RgbImage FromRgba(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        int last = width * height - 1;
        int lastRow = last - (width - 1);
        // Where the upright picture starts in the stored one, and the way to its next pixel and next row, in pixels.
        (int start, int right, int down) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (last, -1, -width),
            SKEncodedOrigin.BottomLeft => (lastRow, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (lastRow, -width, 1),
            SKEncodedOrigin.RightBottom => (last, -width, -1),
            SKEncodedOrigin.LeftBottom => (width - 1, width, -1),
            _ => (0, 1, width),
        };
        bool turned = origin >= SKEncodedOrigin.LeftTop;
        (int columns, int rows) = turned ? (height, width) : (width, height);
        byte[] rgb = GC.AllocateUninitializedArray<byte>(3 * width * height);
        int to = 0;
        for (int y = 0; y < rows; y++)
        {
            int from = 4 * (start + y * down), x = 0;
            // Most pictures are upright: four pixels at once, whose four spare bytes are overwritten by the next ones.
            for (; right == 1 && x + 4 <= columns && to + 16 <= rgb.Length; x += 4, from += 16, to += 12)
                Vector128.Shuffle(Vector128.Create(rgba.Slice(from, 16)), _withoutAlpha).CopyTo(rgb.AsSpan(to));
            for (; x < columns; x++, from += 4 * right, to += 3)
            {
                rgb[to] = rgba[from];
                rgb[to + 1] = rgba[from + 1];
                rgb[to + 2] = rgba[from + 2];
            }
        }
        return new RgbImage(rgb, columns, rows);
    }
}
