using SpGpu.Data.Codecs;

namespace SpGpu.Data;

/// <summary>
/// A picture of 8-bit red, green and blue: rows from the top, channels interleaved, no padding between rows.
/// </summary>
public sealed partial class RgbImage
{
    /// <summary>The most pixels (width x height) that a picture may have: 100 megapixels.</summary>
    public const int MaxPixels = 100_000_000;

    /// <summary>The longest side of a JPEG that is written or read.</summary>
    public const int MaxJpegSide = 65_500;

    /// <summary>Takes over <paramref name="pixels"/>, which holds 3 x width x height bytes.</summary>
    internal RgbImage(byte[] pixels, int width, int height)
    {
        Pixels = pixels;
        Width = width;
        Height = height;
    }

    /// <summary>Copies a picture from memory, for instance from a camera's buffer.</summary>
    /// <param name="pixels">The first row and what follows it; the last row needs no padding.</param>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="stride">Bytes from the start of a row to the start of the next.</param>
    /// <param name="order">The channels of a pixel.</param>
    /// <exception cref="ArgumentException">The sizes are not positive or the span is too short for them.</exception>
    public RgbImage(ReadOnlySpan<byte> pixels, int width, int height, int stride, PixelOrder order)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (!Enum.IsDefined(order))
            throw new ArgumentOutOfRangeException(nameof(order), order, "not a pixel order");
        int step = order is PixelOrder.Rgb or PixelOrder.Bgr ? 3 : 4;
        long row = (long)step * width;
        if (stride < row)
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"a row of {width} pixels takes {row} bytes");
        long needed = (height - 1L) * stride + row;
        if (pixels.Length < needed)
            throw new ArgumentException($"{width} x {height} pixels take {needed} bytes, not {pixels.Length}", nameof(pixels));

        Width = width;
        Height = height;
        Pixels = new byte[3 * width * height];
        (int red, int blue) = order is PixelOrder.Rgb or PixelOrder.Rgba ? (0, 2) : (2, 0);
        int to = 0;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> line = pixels.Slice(y * stride, (int)row);
            for (int from = 0; from < line.Length; from += step, to += 3)
            {
                Pixels[to] = line[from + red];
                Pixels[to + 1] = line[from + 1];
                Pixels[to + 2] = line[from + blue];
            }
        }
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue of the pixel at (x, y) are at 3 * (y * Width + x); not a copy.</summary>
    public byte[] Pixels { get; }

    /// <summary>
    /// Reads a JPEG, PNG, WebP or BMP file or the first frame of a GIF; the content decides, not the extension.
    /// Grey, palette and 16-bit pictures become 8-bit RGB. Colours are as stored: alpha is dropped and colour
    /// profiles are not applied, as in the pictures that networks are trained on.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="orient">Whether to turn the picture upright as its EXIF orientation says.</param>
    /// <param name="warn">Takes what is wrong with a picture that is read nevertheless: a JPEG without its last two bytes.</param>
    /// <exception cref="ImageException">
    /// The file is missing, unreadable, of another format, damaged, cut short, or above <see cref="MaxPixels"/>.
    /// </exception>
    public static RgbImage Read(string path, bool orient = true, Action<string>? warn = null) =>
        ImageDecoder.Decode(InputFile.Read(path, ImageDecoder.MaxFileBytes, ImageError, CheckedPicture.MostBytes), path, orient, warn);

    /// <summary>Reads a picture from a stream, as <see cref="Read(string, bool, Action{string})"/> does from a file.</summary>
    /// <param name="stream">Read to its end; not closed.</param>
    /// <param name="name">What error messages call the picture.</param>
    /// <param name="orient">Whether to turn the picture upright as its EXIF orientation says.</param>
    /// <param name="warn">Takes what is wrong with a picture that is read nevertheless.</param>
    /// <param name="maxPixels">The most pixels that are taken, found out before memory is taken for them.</param>
    /// <exception cref="ImageException">As for a file.</exception>
    public static RgbImage Read(
        Stream stream, string name, bool orient = true, Action<string>? warn = null, int maxPixels = MaxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        byte[] content = InputFile.Read(stream, name, ImageDecoder.MaxFileBytes, ImageError, CheckedPicture.MostBytes);
        return ImageDecoder.Decode(content, name, orient, warn, Math.Min(maxPixels, MaxPixels));
    }

    /// <summary>
    /// A copy of another size: bilinear between pixel centres, the border repeated, without smoothing when it
    /// shrinks (OpenCV's INTER_LINEAR, up to rounding).
    /// </summary>
    /// <exception cref="ImageException">The new size is above <see cref="MaxPixels"/>.</exception>
    public RgbImage Resize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((long)width * height > MaxPixels)
            throw new ImageException(
                $"cannot resize a picture to {width} x {height}: the limit is {MaxPixels / 1_000_000} megapixels; choose a smaller size");
        return HalfPixelBilinear.Resize(this, width, height);
    }

    /// <summary>Writes a PNG, or a JPEG of quality 95 if the name ends in .jpg or .jpeg.</summary>
    /// <exception cref="ImageException">The extension is another one, or the format cannot hold the size.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Write(string path) => ImageEncoder.Write(this, path);

    /// <summary>Writes a PNG into a stream, which is not closed; what the stream throws comes through.</summary>
    /// <exception cref="ImageException">The format cannot hold the size.</exception>
    public void WritePng(Stream stream) => ImageEncoder.WritePng(this, stream);

    /// <summary>Writes a JPEG of quality 95 into a stream, which is not closed; what the stream throws comes through.</summary>
    /// <exception cref="ImageException">The format cannot hold the size.</exception>
    public void WriteJpeg(Stream stream) => ImageEncoder.WriteJpeg(this, stream);

    private static ImageException ImageError(string message, Exception? inner) => new(message, inner);

    /// <summary>Its kind and size: <c>RgbImage 640 x 480</c>.</summary>
    public override string ToString() => $"RgbImage {Width} x {Height}";
}
