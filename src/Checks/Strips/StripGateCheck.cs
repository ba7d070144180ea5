using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The gate x * sigmoid(expand(a) + expand(b)).</summary>
internal sealed class StripGateCheck : Check<StripGate>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Gate(CaseSize.Tiny, new Shape(2, 2, 5, 7)),
        Gate(CaseSize.Tiny, new Shape(2, 2, 4, 8)),
        .. Planes.Select(plane => Gate(CaseSize.Small, Shape(2, 3, plane))),
        Gate(CaseSize.Small, new Shape(3, 65, 8, 8)),
        Gate(CaseSize.Small, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
        .. Placed(Gate(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(Gate(CaseSize.Small, new Shape(2, 5, 7, 13))),
        Gate(CaseSize.Large, new Shape(1, 256, 60, 60)),
    ];

    protected override Element[] Reference(StripGate gate, CaseData data)
    {
        Samples x = data.Inputs[0];
        Element sum = Expansion.Sum(data.Inputs[1], data.Inputs[2], relu: false);
        return [(n, c, i, j) => sum(n, c, i, j).Sigmoid() * x[n, c, i, j]];
    }

    private static OperatorCase Gate(CaseSize size, Shape x) => new(new StripGate(), [x, .. Strips(x)], size);
}

/// <summary>Its gradients by x, a and b.</summary>
internal sealed class StripGateGradientCheck : Check<StripGateGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. StripGradientCases.Of(Gradient),
        Gradient(CaseSize.Small, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
        Gradient(CaseSize.Large, new Shape(2, 256, 57, 57)),
    ];

    protected override Element[] Reference(StripGateGradient gradient, CaseData data)
    {
        (Samples dy, Samples x) = (data.Inputs[0], data.Inputs[1]);
        Element sum = Expansion.Sum(data.Inputs[2], data.Inputs[3], relu: false);
        Element dx = (n, c, i, j) => sum(n, c, i, j).Sigmoid() * dy[n, c, i, j];
        Element term = (n, c, i, j) => sum(n, c, i, j).Sigmoid().SigmoidSlope() * dy[n, c, i, j] * x[n, c, i, j];
        return [dx, .. Expansion.Transposed(dy.Shape, term)];
    }

    private static OperatorCase Gradient(CaseSize size, Shape x) => new(new StripGateGradient(), [x, x, .. Strips(x)], size);
}
