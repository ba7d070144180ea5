using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>A step of Adam.</summary>
internal sealed class AdamStepCheck : Check<AdamStep>
{
    private const int Second = 3;

    private static readonly int[] _lengths = [1, 4, 63, 64, 65, 1025, 100_003];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Step(CaseSize.Tiny, 7),
        Step(CaseSize.Tiny, 8),
        .. _lengths.Select(length => Step(CaseSize.Small, length)),
        Step(CaseSize.Small, 129, beta1: 0f),
        Step(CaseSize.Small, 129, beta2: 0f),
        Step(CaseSize.Small, 129, epsilon: 0.5f),
        Step(CaseSize.Small, 129, decay: 0f),
        .. Placed(Step(CaseSize.Small, 120)),
        .. Placed(Step(CaseSize.Small, 91)),
        Step(CaseSize.Large, 4_000_000),
    ];

    protected override Func<double>? Drawn(AdamStep step, Draw draw, int input) => draw.Between(0.1f, 2f);

    protected override Func<double>? DrawnBefore(AdamStep step, Draw draw, int output) =>
        output == Second ? draw.Between(0.001f, 2f) : null;

    protected override Element[] Reference(AdamStep step, CaseData data)
    {
        (Samples parameters, Samples gradients) = (data.Before[0]!, data.Before[1]!);
        (Samples first, Samples second) = (data.Before[2]!, data.Before[Second]!);
        (double size, double root) = (data.Inputs[0].Values[0], data.Inputs[0].Values[1]);
        Estimate Gradient(int k) => gradients.Values[k] + (Estimate)parameters.Values[k] * step.WeightDecay;
        Element m = (_, _, _, k) => (Estimate)first.Values[k] * step.Beta1 + Gradient(k) * (1.0 - step.Beta1);
        Element v = (_, _, _, k) => (Estimate)second.Values[k] * step.Beta2 + Gradient(k) * Gradient(k) * (1.0 - step.Beta2);
        Element parameter = (n, c, i, k) =>
            parameters.Values[k] - m(n, c, i, k) * size / (v(n, c, i, k).Sqrt() * root + step.Epsilon);
        return [parameter, (_, _, _, _) => 0, m, v];
    }

    private static OperatorCase Step(
        CaseSize size, int length, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float decay = 1e-4f) =>
        new(new AdamStep(length, beta1, beta2, epsilon, decay), [new Shape(1, 1, 1, 2)], size);
}
