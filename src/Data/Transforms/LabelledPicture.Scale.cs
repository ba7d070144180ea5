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
        (int width, int height) = ScaledSize(factor);
        CheckArea(width, height);
        return Scale(factor, new Window(0, 0, width, height));
    }

    /// <summary>The size of the scaled picture; there may be more pixels than can be held.</summary>
    /// <exception cref="ImageException">A side is above what a number holds.</exception>
    internal (int Width, int Height) ScaledSize(double factor)
    {
        if (!(factor > 0 && double.IsFinite(factor)))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "not a positive number");
        return (Side(Width), Side(Height));

        int Side(int from) => Math.Round(from * factor, MidpointRounding.ToEven) is var side and <= int.MaxValue
            ? Math.Max(1, (int)side)
            : throw new ImageException(
                FormattableString.Invariant($"{from} pixels times {factor} are above the limit for a picture; choose a smaller scale"));
    }

    /// <summary>The same pixels of a part of the scaled picture, from which they take their time and memory.</summary>
    internal LabelledPicture Scale(double factor, Window part)
    {
        Tap[] columns = Taps(Width, factor, part.Left, part.Width), rows = Taps(Height, factor, part.Top, part.Height);
        var scaled = new LabelledPicture(part.Width, part.Height);
        // What the columns need of a row; taps never go back.
        int first = columns[0].First, count = columns[^1].Second - first + 1;
        float[] upperRow = new float[3 * count], lowerRow = new float[3 * count];
        int to = 0;
        foreach (Tap row in rows)
        {
            ReadOnlySpan<float> above = Row(row.First, first, count, upperRow), below = Row(row.Second, first, count, lowerRow);
            ReadOnlySpan<byte> labels = Labels.AsSpan(row.Nearest * Width, Width);
            foreach (Tap column in columns)
            {
                scaled.Labels[to] = labels[column.Nearest];
                int left = 3 * (column.First - first), right = 3 * (column.Second - first);
                for (int channel = 0; channel < 3; channel++)
                {
                    float upper = above[left + channel] + (above[right + channel] - above[left + channel]) * column.Weight;
                    float lower = below[left + channel] + (below[right + channel] - below[left + channel]) * column.Weight;
                    scaled.Pixels[3 * to + channel] = upper + (lower - upper) * row.Weight;
                }
                to++;
            }
        }
        return scaled;
    }

    private static Tap[] Taps(int from, double factor, int start, int count)
    {
        var taps = new Tap[count];
        double step = 1 / factor;
        for (int k = 0; k < count; k++)
        {
            int i = start + k;
            double centre = (i + 0.5) * step - 0.5;
            int first = (int)Math.Floor(centre);
            taps[k] = new Tap(
                Math.Clamp(first, 0, from - 1), Math.Clamp(first + 1, 0, from - 1), (float)(centre - first),
                Math.Min((int)(i * step), from - 1));
        }
        return taps;
    }

    /// <summary>The two source positions that a new one lies between, the share of the second, and the one for labels.</summary>
    private readonly record struct Tap(int First, int Second, float Weight, int Nearest);
}
