namespace SpGpu.Data.Transforms;

public sealed partial class LabelledPicture
{
    /// <summary>
    /// Both axes times <paramref name="factor"/>, sizes rounded half to even. The sampling step is 1 / factor, not the
    /// ratio of the sizes (cv2.resize with fx and fy). Pixels: bilinear between centres, at (x + 0.5) / factor - 0.5,
    /// the border repeated, without smoothing. Labels: that at floor(x / factor).
    /// </summary>
    /// <exception cref="ImageException">The new size is above <see cref="RgbImage.MaxPixels"/>.</exception>
    public LabelledPicture Scale(double factor)
    {
        if (!(factor > 0 && double.IsFinite(factor)))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "not a positive number");
        Tap[] columns = Taps(Width, factor), rows = Taps(Height, factor);
        var scaled = new LabelledPicture(columns.Length, rows.Length);
        int to = 0;
        for (int y = 0; y < rows.Length; y++)
        {
            Tap row = rows[y];
            ReadOnlySpan<float> above = Row(row.First), below = Row(row.Second);
            ReadOnlySpan<byte> labels = Labels.AsSpan(row.Nearest * Width, Width);
            for (int x = 0; x < columns.Length; x++, to++)
            {
                Tap column = columns[x];
                scaled.Labels[to] = labels[column.Nearest];
                int left = 3 * column.First, right = 3 * column.Second;
                for (int channel = 0; channel < 3; channel++)
                {
                    float upper = above[left + channel] + (above[right + channel] - above[left + channel]) * column.Weight;
                    float lower = below[left + channel] + (below[right + channel] - below[left + channel]) * column.Weight;
                    scaled.Pixels[3 * to + channel] = upper + (lower - upper) * row.Weight;
                }
            }
        }
        return scaled;
    }

    private ReadOnlySpan<float> Row(int y) => Pixels.AsSpan(3 * Width * y, 3 * Width);

    private static Tap[] Taps(int from, double factor)
    {
        double size = Math.Max(1, Math.Round(from * factor, MidpointRounding.ToEven));
        if (size > RgbImage.MaxPixels)
            throw new ImageException(FormattableString.Invariant($"{from} pixels times {factor} are above the limit for a picture; choose a smaller scale"));
        var taps = new Tap[(int)size];
        double step = 1 / factor;
        for (int i = 0; i < taps.Length; i++)
        {
            double centre = (i + 0.5) * step - 0.5;
            int first = (int)Math.Floor(centre);
            taps[i] = new Tap(
                Math.Clamp(first, 0, from - 1), Math.Clamp(first + 1, 0, from - 1), (float)(centre - first), Math.Min((int)(i * step), from - 1));
        }
        return taps;
    }

    /// <summary>The two source positions that a new one lies between, the share of the second, and the one for labels.</summary>
    private readonly record struct Tap(int First, int Second, float Weight, int Nearest);
}
