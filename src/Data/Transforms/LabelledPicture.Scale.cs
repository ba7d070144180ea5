using System.Numerics;
using System.Runtime.Intrinsics;

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
        var above = new ScaledRow(this, columns);
        var below = new ScaledRow(this, columns);
        for (int y = 0; y < rows.Length; y++)
        {
            Tap row = rows[y];
            ReadOnlySpan<byte> labels = Labels.AsSpan(row.Nearest * Width, Width);
            Span<byte> scaledLabels = scaled.Labels.AsSpan(y * part.Width, part.Width);
            for (int x = 0; x < scaledLabels.Length; x++)
                scaledLabels[x] = labels[columns[x].Nearest];
            // Taps never go back, so what was below is often above now, or still below.
            if (above.Y != row.First)
                (above, below) = (below, above);
            Between(above.At(row.First), below.At(row.Second), row.Weight, scaled.Pixels.AsSpan(3 * y * part.Width, 3 * part.Width));
        }
        return scaled;
    }

    private static void Between(ReadOnlySpan<float> above, ReadOnlySpan<float> below, float weight, Span<float> to)
    {
        int i = 0;
        var weights = new Vector<float>(weight);
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> upper = new(above[i..]), lower = new(below[i..]);
            (upper + (lower - upper) * weights).CopyTo(to[i..]);
        }
        for (; i < to.Length; i++)
            to[i] = above[i] + (below[i] - above[i]) * weight;
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

    /// <summary>A row of the picture, scaled in its own direction: the last one that was asked for.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="columns">The columns to make.</param>
    private sealed class ScaledRow(LabelledPicture picture, Tap[] columns)
    {
        private readonly int _first = columns[0].First;

        // What the columns need of a row, and room for a fourth value beside the last pixel, as three are taken by fours.
        private readonly float[] _row = new float[3 * (columns[^1].Second - columns[0].First + 1) + 1];
        private readonly float[] _scaled = new float[3 * columns.Length + 1];

        /// <summary>Which row it is.</summary>
        public int Y { get; private set; } = -1;

        public ReadOnlySpan<float> At(int y)
        {
            if (y == Y)
                return _scaled;
            Y = y;
            picture.CopyRow(y, _first, _row.AsSpan(0, _row.Length - 1));
            for (int x = 0; x < columns.Length; x++)
            {
                Tap column = columns[x];
                Vector128<float> left = Vector128.Create(_row.AsSpan(3 * (column.First - _first), 4)),
                    right = Vector128.Create(_row.AsSpan(3 * (column.Second - _first), 4));
                (left + (right - left) * Vector128.Create(column.Weight)).CopyTo(_scaled.AsSpan(3 * x, 4));
            }
            return _scaled;
        }
    }

    /// <summary>The two source positions that a new one lies between, the share of the second, and the one for labels.</summary>
    private readonly record struct Tap(int First, int Second, float Weight, int Nearest);
}
