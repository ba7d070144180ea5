namespace SpGpu.Data.Transforms;

/// <summary>
/// A picture in float and the label of every pixel, on the way through the transforms of training. Each transform
/// gives a new picture and leaves this one as it is.
/// </summary>
public sealed partial class LabelledPicture
{
    // Until someone asks for all of them in float, pixels stay in the picture: of a large one only a part is needed.
    private readonly RgbImage? _image;
    private float[]? _pixels;

    private LabelledPicture(int width, int height)
        : this(GC.AllocateUninitializedArray<float>(3 * width * height), GC.AllocateUninitializedArray<byte>(width * height), width, height)
    {
    }

    private LabelledPicture(float[] pixels, byte[] labels, int width, int height)
    {
        _pixels = pixels;
        Labels = labels;
        Width = width;
        Height = height;
    }

    /// <summary>Takes a picture, which must not change from then on, and a copy of its labels.</summary>
    /// <exception cref="ImageException">The sizes differ, or are above <see cref="RgbImage.MaxPixels"/>.</exception>
    public LabelledPicture(RgbImage image, LabelMap labels)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        if (image.Width != labels.Width || image.Height != labels.Height)
            throw new ImageException(
                $"labels of {labels.Width} x {labels.Height} pixels do not fit a picture of {image.Width} x {image.Height}; " +
                "make them the same size");
        CheckArea(image.Width, image.Height);
        _image = image;
        Labels = [.. labels.Labels];
        Width = image.Width;
        Height = image.Height;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue from 0 to 255 of the pixel at (x, y) are at 3 * (y * Width + x); not a copy.</summary>
    public float[] Pixels => _pixels ??= Array.ConvertAll(_image!.Pixels, value => (float)value);

    /// <summary>The label of the pixel at (x, y) is at y * Width + x; not a copy.</summary>
    public byte[] Labels { get; }

    private Window Whole => new(0, 0, Width, Height);

    /// <summary>Copies a part of a row: from the pixels if they are in float, else converted.</summary>
    private void CopyRow(int y, int left, Span<float> to)
    {
        int start = 3 * (y * Width + left);
        if (_pixels is not null)
        {
            _pixels.AsSpan(start, to.Length).CopyTo(to);
            return;
        }
        ReadOnlySpan<byte> bytes = _image!.Pixels.AsSpan(start, to.Length);
        for (int i = 0; i < bytes.Length; i++)
            to[i] = bytes[i];
    }

    private static void CheckArea(int width, int height)
    {
        if ((long)width * height > RgbImage.MaxPixels)
            throw new ImageException(
                $"a picture of {width} x {height} is above the limit of {RgbImage.MaxPixels / 1_000_000} megapixels; " +
                "choose a smaller scale or crop");
    }
}
