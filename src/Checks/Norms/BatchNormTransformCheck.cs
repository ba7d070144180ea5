namespace SpGpu.Checks;

/// <summary>Batch norm with all its parts as tensors.</summary>
internal sealed class BatchNormTransformCheck : Check<BatchNormTransform>
{
    /// <summary>eps.</summary>
    private const double Epsilon = 1e-5;

    public override IEnumerable<OperatorCase> Cases => BatchCases.Of((size, x) =>
        new OperatorCase(new BatchNormTransform(), [x, .. Enumerable.Repeat(new Shape(1, x.C, 1, 1), 4)], size));

    protected override Func<double>? Drawn(BatchNormTransform transform, Draw draw, int input) =>
        input == 2 ? BatchCases.Variances(draw) : null;

    protected override Element[] Reference(BatchNormTransform transform, CaseData data)
    {
        (Samples x, Samples mean, Samples variance, Samples gamma, Samples beta) =
            (data.Inputs[0], data.Inputs[1], data.Inputs[2], data.Inputs[3], data.Inputs[4]);
        return [(n, c, i, j) => Standardized(x[n, c, i, j], mean, variance, c) * gamma[0, c, 0, 0] + beta[0, c, 0, 0]];
    }

    /// <summary>
    /// (x - mean) / sqrt(variance + eps), with the roundings of the difference relative to its two parts, as a device
    /// may make one multiply-add of it.
    /// </summary>
    public static Estimate Standardized(double x, Samples mean, Samples variance, int c)
    {
        double inverse = Inverse(variance, c);
        double shift = mean[0, c, 0, 0];
        return Estimate.Sum((x - shift) * inverse, (Math.Abs(x) + Math.Abs(shift)) * inverse, terms: 5);
    }

    /// <summary>1 / sqrt(variance + eps).</summary>
    public static double Inverse(Samples variance, int c) => 1 / Math.Sqrt(variance[0, c, 0, 0] + Epsilon);
}

/// <summary>Its gradients by x, gamma and beta.</summary>
internal sealed class BatchNormGradientCheck : Check<BatchNormGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. BatchCases.Of((size, x) => Gradient(size, x, frozen: false)), .. BatchCases.Of((size, x) => Gradient(size, x, frozen: true)),
    ];

    protected override Func<double>? Drawn(BatchNormGradient gradient, Draw draw, int input) =>
        input == 3 ? BatchCases.Variances(draw) : null;

    protected override Element[] Reference(BatchNormGradient gradient, CaseData data)
    {
        (Samples dy, Samples x, Samples mean, Samples variance, Samples gamma) =
            (data.Inputs[0], data.Inputs[1], data.Inputs[2], data.Inputs[3], data.Inputs[4]);
        (Samples gammaBefore, Samples betaBefore) = (data.Before[1]!, data.Before[2]!);
        Estimate Standardized(int n, int c, int i, int j) =>
            BatchNormTransformCheck.Standardized(x[n, c, i, j], mean, variance, c);
        Func<int, (Estimate Gamma, Estimate Beta)> sums = Lazily.Once(x.Shape.C, c => (
            Total.OverChannel(x.Shape, (n, i, j) => Standardized(n, c, i, j) * dy[n, c, i, j]),
            Total.OverChannel(x.Shape, (n, i, j) => dy[n, c, i, j])));
        double share = 1.0 / (x.Shape.N * x.Shape.Plane);
        Element dx = (n, c, i, j) =>
        {
            Estimate direct = dy[n, c, i, j];
            if (!gradient.Frozen)
                direct = direct - sums(c).Beta * share - Standardized(n, c, i, j) * (sums(c).Gamma * share);
            double inverse = BatchNormTransformCheck.Inverse(variance, c);
            return direct * (Estimate.Sum(inverse, inverse, terms: 5) * gamma[0, c, 0, 0]);
        };
        return [dx, (_, c, _, _) => sums(c).Gamma + gammaBefore[0, c, 0, 0], (_, c, _, _) => sums(c).Beta + betaBefore[0, c, 0, 0]];
    }

    private static OperatorCase Gradient(CaseSize size, Shape x, bool frozen) =>
        new(new BatchNormGradient(frozen), [x, x, .. Enumerable.Repeat(new Shape(1, x.C, 1, 1), 3)], size);
}
