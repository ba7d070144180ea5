namespace SpGpu.Data.Transforms;

public sealed partial class LabelledPicture
{
    /// <summary>The picture as the network takes it: channel by channel, (value - mean) / deviation.</summary>
    public TrainSample Normalize() => Normalize(flip: false, Width, Height);

    /// <summary>What <see cref="Flip"/>, <see cref="Pad"/> and <see cref="Normalize()"/> give one after the other, at once.</summary>
    /// <param name="flip">Whether left and right are exchanged.</param>
    /// <param name="width">The width, at least that of the picture.</param>
    /// <param name="height">The height, at least that of the picture.</param>
    internal TrainSample Normalize(bool flip, int width, int height)
    {
        CheckArea(width, height);
        int plane = width * height, left = (width - Width) / 2, top = (height - Height) / 2;
        bool padded = plane > Labels.Length;
        // The mean colour becomes 0, which a new array has.
        float[] planes = padded ? new float[3 * plane] : GC.AllocateUninitializedArray<float>(3 * plane);
        byte[] labels = GC.AllocateUninitializedArray<byte>(plane);
        if (padded)
            labels.AsSpan().Fill(LabelMap.Ignore);
        for (int y = 0; y < Height; y++)
        {
            int from = y * Width, to = (top + y) * width + left;
            Span<byte> row = labels.AsSpan(to, Width);
            Labels.AsSpan(from, Width).CopyTo(row);
            if (flip)
                row.Reverse();
            for (int channel = 0; channel < 3; channel++)
                NormalizeRow(Pixels.AsSpan(3 * from, 3 * Width), planes.AsSpan(channel * plane + to, Width), channel, flip);
        }
        return new TrainSample(planes, labels, width, height);
    }

    private static void NormalizeRow(ReadOnlySpan<float> pixels, Span<float> to, int channel, bool flip)
    {
        float mean = ColourStatistics.ImageNet.Mean[channel], deviation = ColourStatistics.ImageNet.Deviation[channel];
        if (flip)
        {
            for (int x = 0, from = 3 * (to.Length - 1) + channel; x < to.Length; x++, from -= 3)
                to[x] = (pixels[from] - mean) / deviation;
        }
        else
        {
            for (int x = 0, from = channel; x < to.Length; x++, from += 3)
                to[x] = (pixels[from] - mean) / deviation;
        }
    }
}
