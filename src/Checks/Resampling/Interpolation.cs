namespace SpGpu.Checks;

/// <summary>
/// Interpolation between two rows and two columns, by either rule, and its transpose: many operators have it in them.
/// </summary>
internal static class Interpolation
{
    /// <summary>The elements of <paramref name="x"/> interpolated to planes of <paramref name="output"/>.</summary>
    public static Element Of(Samples x, Size2D output, ResizeRule rule) => (n, c, i, j) =>
    {
        (int top, int bottom, double down, double rowError) = Source(i, x.Shape.H, output.Height, rule);
        (int left, int right, double along, double columnError) = Source(j, x.Shape.W, output.Width, rule);
        double a = x[n, c, top, left];
        double b = x[n, c, top, right];
        double d = x[n, c, bottom, left];
        double e = x[n, c, bottom, right];
        double value = (1 - down) * ((1 - along) * a + along * b) + down * ((1 - along) * d + along * e);
        // Half a dozen roundings, whichever way the two lerps are written, of numbers up to the largest corner;
        // and the slope times the rounding of the position, which a fused multiply-add may leave out.
        double largest = Math.Max(Math.Max(Math.Abs(a), Math.Abs(b)), Math.Max(Math.Abs(d), Math.Abs(e)));
        return new Estimate(value, largest * (8 * Estimate.Unit + 2 * (rowError + columnError)));
    };

    /// <summary>
    /// The gradient by planes of <paramref name="input"/>, where the interpolation is to <paramref name="output"/> and its
    /// elements hand back <paramref name="handed"/>.
    /// </summary>
    public static Element Transposed(Size2D input, Size2D output, ResizeRule rule, Element handed)
    {
        (AxisReaders rows, AxisReaders columns) = (Readers(input.Height, output.Height, rule), Readers(input.Width, output.Width, rule));
        return (n, c, y, x) => AxisReaders.Gather(rows, columns, y, x, (i, j) => handed(n, c, i, j));
    }

    /// <summary>The two source positions of an output position, the weight of the second, and the rounding of the position.</summary>
    private static (int First, int Second, double Weight, double Error) Source(int index, int input, int output, ResizeRule rule)
    {
        (float position, double error) = Position(index, input, output, rule);
        int first = Math.Min((int)MathF.Floor(position), input - 1);
        return (first, Math.Min(first + 1, input - 1), position - first, error);
    }

    /// <summary>
    /// For each position along an axis the outputs that read it: their weight falls from one where they lie on it to zero a
    /// position away. Where only the rounding of the output's position decides whether it reads, the weight is zero but has
    /// an error.
    /// </summary>
    private static AxisReaders Readers(int input, int output, ResizeRule rule)
    {
        var readers = new AxisReaders(input);
        for (int reader = 0; reader < output; reader++)
        {
            (float position, double rounding) = Position(reader, input, output, rule);
            double error = 2 * rounding + Estimate.Unit;
            for (int i = Math.Max((int)position - 1, 0); i < Math.Min((int)position + 3, input); i++)
            {
                double distance = Math.Abs(Math.Min(position, input - 1.0) - i);
                if (distance < 1 + error)
                    readers.Add(i, reader, new Estimate(Math.Max(1 - distance, 0), error));
            }
        }
        return readers;
    }

    /// <summary>
    /// In float32, as the specification says: in double, positions near an integer would fall between other pixels. With its
    /// error: roundings that a fused multiply-add may leave out.
    /// </summary>
    private static (float Position, double Error) Position(int index, int input, int output, ResizeRule rule)
    {
        if (rule == ResizeRule.CornerAligned)
        {
            float step = output > 1 ? (float)(input - 1) / (output - 1) : 0f;
            return (step * index, step * index * Estimate.Unit);
        }
        float ratio = (float)input / output;
        float position = Math.Max(ratio * index + (0.5f * ratio - 0.5f), 0);
        return (position, (2 * ratio * index + ratio + 1) * Estimate.Unit);
    }
}
