namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element Interpolate(Samples x, Size2D output) => (n, c, i, j) =>
    {
        (int top, int bottom, double down, double rowError) = Source(i, x.Shape.H, output.Height);
        (int left, int right, double along, double columnError) = Source(j, x.Shape.W, output.Width);
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

    /// <summary>The two source positions of an output position, the weight of the second, and the rounding of the position.</summary>
    private static (int First, int Second, double Weight, double Error) Source(int index, int input, int output)
    {
        // In float32, as the specification says: in double, positions near an integer would fall between other pixels.
        float position = CornerAlignedBilinear.Step(input, output) * index;
        int first = Math.Min((int)MathF.Floor(position), input - 1);
        return (first, Math.Min(first + 1, input - 1), position - first, position * Estimate.Unit);
    }

    private static Element UpsampledSum(Samples s0, Samples s1, Samples s2)
    {
        var plane = new Size2D(s0.Shape.H, s0.Shape.W);
        (Element up1, Element up2) = (Interpolate(s1, plane), Interpolate(s2, plane));
        return (n, c, i, j) => (s0[n, c, i, j] + up1(n, c, i, j) + up2(n, c, i, j)).Relu();
    }
}
