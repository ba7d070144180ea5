using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Bilinear interpolation by either rule.</summary>
internal sealed class BilinearCheck : Check<Bilinear>
{
    /// <summary>Up, down, equal, from one, to one, and steps that float32 does not hold exactly.</summary>
    public static IReadOnlyList<(Size2D Input, Size2D Output)> Sizes { get; } =
    [
        ((20, 20), 60), ((12, 12), 60), ((20, 20), (65, 97)), ((12, 12), (17, 9)), ((60, 60), (129, 130)), ((8, 8), 8), ((1, 1), 7),
        ((1, 65), (17, 65)), ((65, 1), (65, 17)), ((7, 7), 1), ((17, 65), (1, 64)), ((64, 17), (7, 129)), ((33, 33), 129),
        ((5, 6), (64, 64)),
    ];

    public static IReadOnlyList<ResizeRule> Rules { get; } = [ResizeRule.CornerAligned, ResizeRule.HalfPixel];

    public override IEnumerable<OperatorCase> Cases => Rules.SelectMany(Of);

    protected override Element[] Reference(Bilinear bilinear, CaseData data) =>
        [Interpolation.Of(data.Inputs[0], bilinear.Output, bilinear.Rule)];

    private static IEnumerable<OperatorCase> Of(ResizeRule rule) =>
    [
        Tiny(new Bilinear((5, 7), rule), new Shape(2, 2, 3, 4)),
        Tiny(new Bilinear((5, 8), rule), new Shape(2, 2, 3, 4)),
        Tiny(new Bilinear((3, 2), rule), new Shape(1, 2, 5, 7)),
        .. Sizes.Select(sizes => Small(new Bilinear(sizes.Output, rule), Shape(2, 3, sizes.Input))),
        Small(new Bilinear(9, rule), new Shape(3, 65, 4, 4)),
        .. Placed(Small(new Bilinear((8, 12), rule), new Shape(2, 5, 4, 8))),
        .. Placed(Small(new Bilinear((7, 13), rule), new Shape(2, 5, 3, 5))),
        Large(new Bilinear(480, rule), new Shape(1, 19, 60, 60)),
    ];
}

/// <summary>Its gradient.</summary>
internal sealed class BilinearGradientCheck : Check<BilinearGradient>
{
    public override IEnumerable<OperatorCase> Cases => BilinearCheck.Rules.SelectMany(Of);

    protected override Element[] Reference(BilinearGradient gradient, CaseData data)
    {
        Samples dy = data.Inputs[0];
        return [Interpolation.Transposed(gradient.Plane, (dy.Shape.H, dy.Shape.W), gradient.Rule, (n, c, i, j) => dy[n, c, i, j])];
    }

    private static IEnumerable<OperatorCase> Of(ResizeRule rule) =>
    [
        Gradient(CaseSize.Tiny, rule, 2, 2, (3, 4), (5, 7)),
        Gradient(CaseSize.Tiny, rule, 1, 2, (5, 7), (3, 2)),
        .. BilinearCheck.Sizes.Select(sizes => Gradient(CaseSize.Small, rule, 2, 3, sizes.Input, sizes.Output)),
        Gradient(CaseSize.Small, rule, 3, 65, 4, 9),
        Gradient(CaseSize.Small, rule, 1, 2, 29, 225),
        .. Placed(Gradient(CaseSize.Small, rule, 2, 5, (4, 8), (8, 12))),
        .. Placed(Gradient(CaseSize.Small, rule, 2, 5, (3, 5), (7, 13))),
        Gradient(CaseSize.Large, rule, 2, 256, 20, 29),
    ];

    private static OperatorCase Gradient(CaseSize size, ResizeRule rule, int n, int c, Size2D input, Size2D output) =>
        new(new BilinearGradient(input, rule), [Shape(n, c, output)], size);
}
