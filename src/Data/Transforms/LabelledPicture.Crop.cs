namespace SpGpu.Data.Transforms;

public sealed partial class LabelledPicture
{
    /// <summary>
    /// At least the given size: where the picture is smaller, half of what lacks (rounded down) is put before it and
    /// the rest after it, in the mean colour, with label <see cref="LabelMap.Ignore"/>.
    /// </summary>
    /// <exception cref="ImageException">The new size is above <see cref="RgbImage.MaxPixels"/>.</exception>
    public LabelledPicture Pad(int width, int height)
    {
        int newWidth = Math.Max(Width, width), newHeight = Math.Max(Height, height);
        if (newWidth == Width && newHeight == Height)
            return this;
        CheckArea(newWidth, newHeight);
        var padded = new LabelledPicture(newWidth, newHeight);
        padded.Labels.AsSpan().Fill(LabelMap.Ignore);
        for (int i = 0; i < padded.Pixels.Length; i++)
            padded.Pixels[i] = ColourStatistics.ImageNet.Mean[i % 3];
        int left = (newWidth - Width) / 2, top = (newHeight - Height) / 2;
        for (int y = 0; y < Height; y++)
        {
            int to = (top + y) * newWidth + left;
            Labels.AsSpan(y * Width, Width).CopyTo(padded.Labels.AsSpan(to));
            Pixels.AsSpan(3 * y * Width, 3 * Width).CopyTo(padded.Pixels.AsSpan(3 * to));
        }
        return padded;
    }

    /// <summary>The part of the given size whose first pixel is at (left, top).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is empty or reaches beyond the picture.</exception>
    public LabelledPicture Crop(int left, int top, int width, int height)
    {
        CheckRange(left, width, Width);
        CheckRange(top, height, Height);
        var part = new LabelledPicture(width, height);
        for (int y = 0; y < height; y++)
        {
            int from = (top + y) * Width + left;
            Labels.AsSpan(from, width).CopyTo(part.Labels.AsSpan(y * width));
            CopyRow(top + y, left, part.Pixels.AsSpan(3 * y * width, 3 * width));
        }
        return part;
    }

    private static void CheckRange(int start, int size, int all)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, all - start);
    }
}
