using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>A step of stochastic gradient descent.</summary>
internal sealed class SgdStepCheck : Check<SgdStep>
{
    private static readonly int[] _lengths = [1, 4, 63, 64, 65, 1025, 100_003];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Step(CaseSize.Tiny, 7),
        Step(CaseSize.Tiny, 8),
        .. _lengths.Select(length => Step(CaseSize.Small, length)),
        Step(CaseSize.Small, 129, momentum: 0f),
        Step(CaseSize.Small, 129, decay: 0f),
        .. Placed(Step(CaseSize.Small, 120)),
        .. Placed(Step(CaseSize.Small, 91)),
        Step(CaseSize.Large, 4_000_000),
    ];

    protected override Func<double>? Drawn(SgdStep step, Draw draw, int input) => draw.Between(0.01f, 0.1f);

    protected override Element[] Reference(SgdStep step, CaseData data)
    {
        (Samples parameters, Samples gradients, Samples momenta) = (data.Before[0]!, data.Before[1]!, data.Before[2]!);
        double rate = data.Inputs[0].Values[0];
        Element momentum = (_, _, _, k) =>
            (Estimate)momenta.Values[k] * step.Momentum + gradients.Values[k] + (Estimate)parameters.Values[k] * step.WeightDecay;
        Element parameter = (n, c, i, k) => parameters.Values[k] - momentum(n, c, i, k) * rate;
        return [parameter, (_, _, _, _) => 0, momentum];
    }

    private static OperatorCase Step(CaseSize size, int length, float momentum = 0.9f, float decay = 1e-4f) =>
        new(new SgdStep(length, momentum, decay), [new Shape(1, 1, 1, 1)], size);
}
