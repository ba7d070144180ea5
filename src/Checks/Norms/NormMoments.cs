namespace SpGpu.Checks;

/// <summary>What a norm of single images makes of a number: its deviation from a mean, over the root of a variance.</summary>
internal static class NormMoments
{
    /// <summary>PyTorch's default eps.</summary>
    private const double Epsilon = 1e-5;

    /// <summary>Mean and variance of some numbers.</summary>
    public static (Estimate Mean, Estimate Variance) Of(IReadOnlyList<double> values)
    {
        double share = 1.0 / values.Count;
        var sum = new Total();
        foreach (double value in values)
            sum.Add(value);
        Estimate mean = sum.Sum * share;
        var squares = new Total();
        foreach (double value in values)
            squares.Add(Square((Estimate)value - mean.Value));
        Estimate variance = squares.Sum * share;
        // A mean that is off by e adds e^2; one that is rounded costs a few units of mean times deviation.
        double rounding = 4 * Estimate.Unit * Math.Abs(mean.Value) * Math.Sqrt(variance.Value);
        return (mean, new Estimate(variance.Value, variance.Error + mean.Error * mean.Error + rounding));
    }

    /// <summary>(x - mean) / sqrt(variance + eps).</summary>
    public static Estimate Normalized(double x, (Estimate Mean, Estimate Variance) moments) =>
        (x - moments.Mean) / Deviation(moments);

    /// <summary>sqrt(variance + eps).</summary>
    public static Estimate Deviation((Estimate Mean, Estimate Variance) moments) => (moments.Variance + Epsilon).Sqrt();

    /// <summary>The square of a difference of two floats, which has but one rounding.</summary>
    private static Estimate Square(Estimate difference) =>
        new(difference.Value * difference.Value, 4 * Estimate.Unit * difference.Value * difference.Value);
}
