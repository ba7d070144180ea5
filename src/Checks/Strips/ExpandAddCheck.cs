using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>A column and a row broadcast over a plane and added.</summary>
internal sealed class ExpandAddCheck : Check<ExpandAdd>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. Of(relu: false), .. Of(relu: true),
        Large(new ExpandAdd(Relu: true), Strips(new Shape(1, 256, 60, 60))),
    ];

    protected override Element[] Reference(ExpandAdd expand, CaseData data) =>
        [Expansion.Sum(data.Inputs[0], data.Inputs[1], expand.Relu)];

    private static IEnumerable<OperatorCase> Of(bool relu) =>
    [
        Tiny(new ExpandAdd(relu), Strips(new Shape(2, 2, 5, 7))),
        Tiny(new ExpandAdd(relu), Strips(new Shape(2, 2, 4, 8))),
        .. Planes.Select(plane => Small(new ExpandAdd(relu), Strips(Shape(2, 3, plane)))),
        Small(new ExpandAdd(relu), Strips(new Shape(3, 65, 8, 8))),
        .. Placed(Small(new ExpandAdd(relu), Strips(new Shape(2, 5, 8, 12)))),
        .. Placed(Small(new ExpandAdd(relu), Strips(new Shape(2, 5, 7, 13)))),
    ];
}

/// <summary>Its gradients by the column and the row.</summary>
internal sealed class ExpandAddGradientCheck : Check<ExpandAddGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. StripGradientCases.Of((size, x) => Gradient(size, x, relu: false)),
        .. StripGradientCases.Of((size, x) => Gradient(size, x, relu: true)),
        // Sums that are exactly zero.
        Gradient(CaseSize.Tiny, new Shape(1, 3, 4, 8), relu: true) with { Content = Content.Integers },
        Gradient(CaseSize.Small, new Shape(2, 3, 17, 65), relu: true) with { Content = Content.Integers },
        Gradient(CaseSize.Large, new Shape(2, 256, 57, 57), relu: true),
    ];

    protected override Element[] Reference(ExpandAddGradient gradient, CaseData data)
    {
        Samples dy = data.Inputs[0];
        // The sign of the float32 sum decides, as in the forward operator.
        return Expansion.Transposed(dy.Shape, (n, c, i, j) =>
            !gradient.Relu || (float)data.Inputs[1][n, c, i, 0] + (float)data.Inputs[2][n, c, 0, j] > 0 ? dy[n, c, i, j] : 0);
    }

    private static OperatorCase Gradient(CaseSize size, Shape x, bool relu) =>
        new(new ExpandAddGradient(relu), relu ? [x, .. Strips(x)] : [x], size);
}
