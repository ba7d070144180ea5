namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element[] Statistics(Samples x)
    {
        double share = 1.0 / (x.Shape.N * x.Shape.Plane);
        Func<int, (Estimate Mean, Estimate Variance)> moments = Once(x.Shape.C, c =>
        {
            Estimate mean = SumOver(x, (n, i, j) => x[n, c, i, j]) * share;
            Estimate variance = SumOver(x, (n, i, j) => Square((Estimate)x[n, c, i, j] - mean.Value)) * share;
            // A mean that is off by e adds e^2; one that is rounded costs a few units of mean times deviation.
            double rounding = 4 * Estimate.Unit * Math.Abs(mean.Value) * Math.Sqrt(variance.Value);
            return (mean, new Estimate(variance.Value, variance.Error + mean.Error * mean.Error + rounding));
        });
        return [(_, c, _, _) => moments(c).Mean, (_, c, _, _) => moments(c).Variance];
    }

    /// <summary>The square of a difference of two floats, which has but one rounding.</summary>
    private static Estimate Square(Estimate difference) =>
        new(difference.Value * difference.Value, 4 * Estimate.Unit * difference.Value * difference.Value);

    private static Element Normalize(Samples x, Samples mean, Samples variance, Samples gamma, Samples beta) => (n, c, i, j) =>
        Standardized(x[n, c, i, j], mean, variance, c) * gamma[0, c, 0, 0] + beta[0, c, 0, 0];

    /// <summary>
    /// (x - mean) / sqrt(variance + eps), with the roundings of the difference relative to its two parts, as a device
    /// may make one multiply-add of it.
    /// </summary>
    private static Estimate Standardized(double x, Samples mean, Samples variance, int c)
    {
        double inverse = Inverse(variance, c);
        double shift = mean[0, c, 0, 0];
        return Estimate.Sum((x - shift) * inverse, (Math.Abs(x) + Math.Abs(shift)) * inverse, terms: 5);
    }

    private static double Inverse(Samples variance, int c) => 1 / Math.Sqrt(variance[0, c, 0, 0] + BatchNorm.Epsilon);

    private static Element[] NormalizeGradients(bool frozen, CaseData data)
    {
        (Samples dy, Samples x, Samples mean, Samples variance, Samples gamma) =
            (data.Inputs[0], data.Inputs[1], data.Inputs[2], data.Inputs[3], data.Inputs[4]);
        (Samples gammaBefore, Samples betaBefore) = (data.Before[1]!, data.Before[2]!);
        Func<int, (Estimate Gamma, Estimate Beta)> sums = Once(x.Shape.C, c => (
            SumOver(x, (n, i, j) => Standardized(x[n, c, i, j], mean, variance, c) * dy[n, c, i, j]),
            SumOver(x, (n, i, j) => dy[n, c, i, j])));
        double share = 1.0 / (x.Shape.N * x.Shape.Plane);
        Element dx = (n, c, i, j) =>
        {
            Estimate direct = dy[n, c, i, j];
            if (!frozen)
                direct = direct - sums(c).Beta * share - Standardized(x[n, c, i, j], mean, variance, c) * (sums(c).Gamma * share);
            return direct * (Estimate.Sum(Inverse(variance, c), Inverse(variance, c), terms: 5) * gamma[0, c, 0, 0]);
        };
        return [dx, (_, c, _, _) => sums(c).Gamma + gammaBefore[0, c, 0, 0], (_, c, _, _) => sums(c).Beta + betaBefore[0, c, 0, 0]];
    }

    private static Element[] CarryOn(RunningStatistics running, CaseData data)
    {
        Element Update(int which, double factor) => (_, c, _, _) =>
        {
            double kept = data.Before[which]![0, c, 0, 0] * (1.0 - RunningStatistics.Momentum);
            double added = data.Inputs[which][0, c, 0, 0] * factor * RunningStatistics.Momentum;
            return Estimate.Sum(kept + added, Math.Abs(kept) + Math.Abs(added), terms: 3);
        };
        return [Update(0, 1), Update(1, running.Count / (running.Count - 1.0))];
    }

    /// <summary>A value of each channel that is computed when it is first asked for.</summary>
    private static Func<int, T> Once<T>(int channels, Func<int, T> compute)
    {
        Lazy<T>[] values = [.. Enumerable.Range(0, channels).Select(c => new Lazy<T>(() => compute(c)))];
        return c => values[c].Value;
    }
}
