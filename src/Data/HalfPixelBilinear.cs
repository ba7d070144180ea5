namespace SpGpu.Data;

/// <summary>
/// Resizing between pixel centres, the border repeated, no smoothing: the rule of OpenCV's INTER_LINEAR
/// and of the pictures that the networks were trained on. Written out here because Skia's filters promise no
/// particular rounding: the same photograph must give the same numbers on every machine.
/// </summary>
internal static class HalfPixelBilinear
{
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        ResizeTap[] columns = ResizeTap.Between(image.Width, width);
        ResizeTap[] rows = ResizeTap.Between(image.Height, height);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
        // Two source rows, already stretched to the new width; most are wanted by several rows or by the next one.
        float[] above = new float[3 * width], below = new float[3 * width];
        int aboveRow = -1, belowRow = -1;
        for (int y = 0; y < height; y++)
        {
            ResizeTap tap = rows[y];
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

    private static void Stretch(RgbImage image, int y, ResizeTap[] columns, float[] to)
    {
        ReadOnlySpan<byte> row = image.Pixels.AsSpan(3 * image.Width * y, 3 * image.Width);
        int i = 0;
        foreach (ResizeTap tap in columns)
        {
            int first = 3 * tap.First, second = 3 * tap.Second;
            for (int channel = 0; channel < 3; channel++, i++)
                to[i] = row[first + channel] + (row[second + channel] - row[first + channel]) * tap.Weight;
        }
    }
}
