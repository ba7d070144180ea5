namespace SpGpu.Checks;

/// <summary>The mean and the variance of each channel of a batch.</summary>
internal sealed class BatchStatisticsCheck : Check<BatchStatistics>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. BatchCases.Of(Of),
        // More values a channel than a GPU's kernel keeps in registers, by one and by four.
        Of(CaseSize.Small, new Shape(2, 1, 257, 257)),
        Of(CaseSize.Small, new Shape(2, 1, 516, 512)),
    ];

    protected override Func<double>? Drawn(BatchStatistics statistics, Draw draw, int input) =>
        draw.Case.Content == Content.Narrow ? draw.Between(99.9f, 100.1f) : null;

    protected override Element[] Reference(BatchStatistics statistics, CaseData data)
    {
        Samples x = data.Inputs[0];
        double share = 1.0 / (x.Shape.N * x.Shape.Plane);
        Func<int, (Estimate Mean, Estimate Variance)> moments = Lazily.Once(x.Shape.C, c =>
        {
            Estimate mean = Total.OverChannel(x.Shape, (n, i, j) => x[n, c, i, j]) * share;
            Estimate variance = Total.OverChannel(x.Shape, (n, i, j) => Square((Estimate)x[n, c, i, j] - mean.Value)) * share;
            // A mean that is off by e adds e^2; one that is rounded costs a few units of mean times deviation.
            double rounding = 4 * Estimate.Unit * Math.Abs(mean.Value) * Math.Sqrt(variance.Value);
            return (mean, new Estimate(variance.Value, variance.Error + mean.Error * mean.Error + rounding));
        });
        return [(_, c, _, _) => moments(c).Mean, (_, c, _, _) => moments(c).Variance];
    }

    private static OperatorCase Of(CaseSize size, Shape x) => new(new BatchStatistics(), [x], size);

    /// <summary>The square of a difference of two floats, which has but one rounding.</summary>
    private static Estimate Square(Estimate difference) =>
        new(difference.Value * difference.Value, 4 * Estimate.Unit * difference.Value * difference.Value);
}
