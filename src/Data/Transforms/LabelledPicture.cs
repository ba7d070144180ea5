namespace SpGpu.Data.Transforms;

/// <summary>
/// A picture in float and the label of every pixel, on the way through the transforms of training. Each transform
/// gives a new picture and leaves this one as it is.
/// </summary>
public sealed partial class LabelledPicture
{
    private LabelledPicture(int width, int height)
        : this(GC.AllocateUninitializedArray<float>(Area(width, height, channels: 3)), GC.AllocateUninitializedArray<byte>(Area(width, height)), width, height)
    {
    }

    private LabelledPicture(float[] pixels, byte[] labels, int width, int height)
    {
        Pixels = pixels;
        Labels = labels;
        Width = width;
        Height = height;
    }

    /// <summary>Copies a picture and its labels.</summary>
    /// <exception cref="ImageException">The sizes differ.</exception>
    public LabelledPicture(RgbImage image, LabelMap labels)
        : this((image ?? throw new ArgumentNullException(nameof(image))).Width, image.Height)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (image.Width != labels.Width || image.Height != labels.Height)
            throw new ImageException($"labels of {labels.Width} x {labels.Height} pixels do not fit a picture of {image.Width} x {image.Height}; make them the same size");
        for (int i = 0; i < Pixels.Length; i++)
            Pixels[i] = image.Pixels[i];
        labels.Labels.CopyTo(Labels, 0);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue from 0 to 255 of the pixel at (x, y) are at 3 * (y * Width + x); not a copy.</summary>
    public float[] Pixels { get; }

    /// <summary>The label of the pixel at (x, y) is at y * Width + x; not a copy.</summary>
    public byte[] Labels { get; }

    /// <summary>The picture as the network takes it: channel by channel, (value - mean) / deviation.</summary>
    public TrainSample Normalize()
    {
        int plane = Width * Height;
        float[] planes = GC.AllocateUninitializedArray<float>(3 * plane);
        for (int channel = 0; channel < 3; channel++)
        {
            float mean = ColourStatistics.Mean[channel], deviation = ColourStatistics.Deviation[channel];
            Span<float> to = planes.AsSpan(channel * plane, plane);
            for (int i = 0; i < to.Length; i++)
                to[i] = (Pixels[3 * i + channel] - mean) / deviation;
        }
        return new TrainSample(planes, Labels, Width, Height);
    }

    private static int Area(int width, int height, int channels = 1)
    {
        if ((long)width * height > RgbImage.MaxPixels)
            throw new ImageException($"a picture of {width} x {height} is above the limit of {RgbImage.MaxPixels / 1_000_000} megapixels; choose a smaller scale or crop");
        return channels * width * height;
    }
}
