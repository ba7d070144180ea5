using SpGpu.Data.Codecs;

namespace SpGpu.Data;

/// <summary>The class of every pixel of a picture: rows from the top, a byte a pixel.</summary>
public sealed class LabelMap
{
    /// <summary>The label of pixels that belong to no class or are not counted.</summary>
    public const byte Ignore = 255;

    /// <summary>Makes a map of the given labels; the array is kept, not copied.</summary>
    /// <param name="labels">Class indices, or <see cref="Ignore"/>; width x height of them.</param>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentException">The sizes are not positive or do not fit the array.</exception>
    public LabelMap(byte[] labels, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((long)width * height != labels.Length)
            throw new ArgumentException($"{width} x {height} pixels take {(long)width * height} labels, not {labels.Length}",
                nameof(labels));
        Labels = labels;
        Width = width;
        Height = height;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The label of the pixel at (x, y) is at y * Width + x; not a copy.</summary>
    public byte[] Labels { get; }

    /// <summary>How probable each label is, from 0 to 1, in the order of the labels; null where nobody has asked for it.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than labels.</exception>
    public float[]? Confidence
    {
        get;
        init => field = value is null || value.Length == Labels.Length
            ? value
            : throw new ArgumentException($"{Labels.Length} labels have as many probabilities, not {value.Length}", nameof(value));
    }

    /// <summary>
    /// Reads a PNG whose pixel values are the labels: with a palette (1, 2, 4 or 8 bits, the colours do not
    /// matter) or 8-bit grey, not interlaced.
    /// </summary>
    /// <exception cref="ImageException">
    /// The file is missing, unreadable, damaged, of another kind, or above <see cref="RgbImage.MaxPixels"/>.
    /// </exception>
    public static LabelMap Read(string path) =>
        LabelPngReader.Read(InputFile.Read(path, LabelPngReader.MaxFileBytes, ImageError), path);

    /// <summary>Reads a PNG from a stream, as <see cref="Read(string)"/> does from a file.</summary>
    /// <param name="stream">Read to its end; not closed.</param>
    /// <param name="name">What error messages call the map.</param>
    /// <exception cref="ImageException">As for a file.</exception>
    public static LabelMap Read(Stream stream, string name) =>
        LabelPngReader.Read(InputFile.Read(stream, name, LabelPngReader.MaxFileBytes, ImageError), name);

    /// <summary>
    /// Writes a palette PNG whose pixel values are the labels: picture viewers show the colours, and
    /// <see cref="Read(string)"/>, Pillow and other tools that keep palettes give the labels back. <see cref="Ignore"/>
    /// is shown black where the palette has no colour for it.
    /// </summary>
    /// <exception cref="ImageException">A label has no colour, or the extension is not .png.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Write(string path, Palette palette)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(palette);
        if (!Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw new ImageException(
                $"cannot write '{path}': label maps are written as .png, other formats change labels; change the extension");
        CheckColours(palette);
        AtomicFile.Write(path, stream => LabelPngWriter.Write(stream, this, palette));
    }

    /// <summary>Writes the same PNG into a stream, which is not closed; what the stream throws comes through.</summary>
    /// <exception cref="ImageException">A label has no colour.</exception>
    public void Write(Stream stream, Palette palette)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(palette);
        CheckColours(palette);
        LabelPngWriter.Write(stream, this, palette);
    }

    /// <summary>How many pixels each class has; ignored pixels are not counted.</summary>
    /// <param name="classes">The number of classes, 1 to 256; with 256, label 255 is a class.</param>
    /// <exception cref="ImageException">A label is neither below <paramref name="classes"/> nor <see cref="Ignore"/>.</exception>
    public long[] Shares(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        long[] counts = new long[256];
        foreach (byte label in Labels)
            counts[label]++;
        for (int label = classes; label < Ignore; label++)
        {
            if (counts[label] > 0)
                throw new ImageException(
                    $"a label map has label {label} where classes go from 0 to {classes - 1} ({Ignore} is ignored); " +
                    "check the number of classes or the file");
        }
        return counts[..classes];
    }

    /// <summary>The picture with the colours of the classes laid over it; ignored pixels stay as they are.</summary>
    /// <param name="image">A picture of the same size.</param>
    /// <param name="palette">A colour for every label.</param>
    /// <param name="opacity">From 0, the picture alone, to 1, the colours alone.</param>
    /// <exception cref="ImageException">The sizes differ or a label has no colour.</exception>
    /// <exception cref="ConfigurationException">The opacity is out of range.</exception>
    public RgbImage Overlay(RgbImage image, Palette palette, double opacity = 0.5)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(palette);
        if (!(opacity >= 0 && opacity <= 1))
            throw new ConfigurationException(FormattableString.Invariant($"opacity {opacity} is out of range; choose 0 to 1"));
        if (image.Width != Width || image.Height != Height)
            throw new ImageException(
                $"a label map of {Width} x {Height} pixels does not fit a picture of {image.Width} x {image.Height}; resize the picture");
        CheckColours(palette);

        float keep = (float)(1 - opacity), lay = (float)opacity;
        byte[] pixels = (byte[])image.Pixels.Clone();
        for (int i = 0, p = 0; i < Labels.Length; i++, p += 3)
        {
            if (Labels[i] >= palette.Count)
                continue;
            Rgb colour = palette[Labels[i]];
            pixels[p] = Mix(pixels[p], colour.R);
            pixels[p + 1] = Mix(pixels[p + 1], colour.G);
            pixels[p + 2] = Mix(pixels[p + 2], colour.B);
        }
        return new RgbImage(pixels, Width, Height);

        byte Mix(byte below, byte above) => (byte)(below * keep + above * lay + 0.5f);
    }

    private static ImageException ImageError(string message, Exception? inner) => new(message, inner);

    private void CheckColours(Palette palette)
    {
        // Found in whole vectors; counting, which takes longer than compressing the map, only for the error.
        if (palette.Count < Ignore && Labels.AsSpan().ContainsAnyInRange((byte)palette.Count, (byte)(Ignore - 1)))
            Shares(palette.Count);
    }

    /// <summary>Its kind and size: <c>LabelMap 640 x 480</c>.</summary>
    public override string ToString() => $"LabelMap {Width} x {Height}";
}
