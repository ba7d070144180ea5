namespace SpGpu.Data;

/// <summary>
/// Bilinear resizing between pixel centres, the border repeated, no smoothing: the rule of OpenCV's INTER_LINEAR
/// and of the pictures that the networks were trained on. Written out here because Skia's filters promise no
/// particular rounding: the same photograph must give the same numbers on every machine.
/// </summary>
internal static class Bilinear
{
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        Tap[] columns = Taps(image.Width, width);
        Tap[] rows = Taps(image.Height, height);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
        // Two source rows, already stretched to the new width; most are wanted by several rows or by the next one.
        float[] above = new float[3 * width], below = new float[3 * width];
        int aboveRow = -1, belowRow = -1;
        for (int y = 0; y < height; y++)
        {
            Tap tap = rows[y];
            if (aboveRow != tap.First && belowRow == tap.First)
                (above, aboveRow, below, belowRow) = (below, belowRow, above, aboveRow);
            if (aboveRow != tap.First)
                Stretch(image, aboveRow = tap.First, columns, above);
            if (belowRow != tap.Second)
                Stretch(image, belowRow = tap.Second, columns, below);

            Span<byte> line = pixels.AsSpan(3 * width * y, 3 * width);
            ReadOnlySpan<float> upper = above, lower = below;
            for (int i = 0; i < line.Length; i++)
                line[i] = (byte)(upper[i] + (lower[i] - upper[i]) * tap.Weight + 0.5f);
        }
        return new RgbImage(pixels, width, height);
    }

    private static void Stretch(RgbImage image, int y, Tap[] columns, float[] to)
    {
        ReadOnlySpan<byte> row = image.Pixels.AsSpan(3 * image.Width * y, 3 * image.Width);
        int i = 0;
        foreach (Tap tap in columns)
        {
            int first = 3 * tap.First, second = 3 * tap.Second;
            for (int channel = 0; channel < 3; channel++, i++)
                to[i] = row[first + channel] + (row[second + channel] - row[first + channel]) * tap.Weight;
        }
    }

    private static Tap[] Taps(int from, int to)
    {
        var taps = new Tap[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * from / to - 0.5;
            int first = (int)Math.Floor(centre);
            taps[i] = new Tap(Math.Max(first, 0), Math.Min(first + 1, from - 1), (float)(centre - first));
        }
        return taps;
    }

    /// <summary>The two source positions that a new one lies between, and the share of the second.</summary>
    private readonly record struct Tap(int First, int Second, float Weight);
}
