using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Bilinear interpolation with aligned corners.</summary>
internal sealed class CornerAlignedBilinearCheck : Check<CornerAlignedBilinear>
{
    /// <summary>Up, down, equal, from one, to one, and steps that float32 does not hold exactly.</summary>
    public static IReadOnlyList<(Size2D Input, Size2D Output)> Sizes { get; } =
    [
        ((20, 20), 60), ((12, 12), 60), ((20, 20), (65, 97)), ((12, 12), (17, 9)), ((60, 60), (129, 130)), ((8, 8), 8), ((1, 1), 7),
        ((1, 65), (17, 65)), ((65, 1), (65, 17)), ((7, 7), 1), ((17, 65), (1, 64)), ((64, 17), (7, 129)), ((33, 33), 129),
        ((5, 6), (64, 64)),
    ];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new CornerAlignedBilinear((5, 7)), new Shape(2, 2, 3, 4)),
        Tiny(new CornerAlignedBilinear((3, 2)), new Shape(1, 2, 5, 7)),
        .. Sizes.Select(sizes => Small(new CornerAlignedBilinear(sizes.Output), Shape(2, 3, sizes.Input))),
        Small(new CornerAlignedBilinear(9), new Shape(3, 65, 4, 4)),
        .. Placed(Small(new CornerAlignedBilinear((8, 12)), new Shape(2, 5, 4, 8))),
        .. Placed(Small(new CornerAlignedBilinear((7, 13)), new Shape(2, 5, 3, 5))),
        Large(new CornerAlignedBilinear(480), new Shape(1, 19, 60, 60)),
    ];

    protected override Element[] Reference(CornerAlignedBilinear bilinear, CaseData data) =>
        [Interpolation.Of(data.Inputs[0], bilinear.Output)];
}

/// <summary>Its gradient.</summary>
internal sealed class CornerAlignedBilinearGradientCheck : Check<CornerAlignedBilinearGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Gradient(CaseSize.Tiny, 2, 2, (3, 4), (5, 7)),
        Gradient(CaseSize.Tiny, 1, 2, (5, 7), (3, 2)),
        .. CornerAlignedBilinearCheck.Sizes.Select(sizes => Gradient(CaseSize.Small, 2, 3, sizes.Input, sizes.Output)),
        Gradient(CaseSize.Small, 3, 65, 4, 9),
        Gradient(CaseSize.Small, 1, 2, 29, 225),
        .. Placed(Gradient(CaseSize.Small, 2, 5, (4, 8), (8, 12))),
        .. Placed(Gradient(CaseSize.Small, 2, 5, (3, 5), (7, 13))),
        Gradient(CaseSize.Large, 2, 256, 20, 29),
    ];

    protected override Element[] Reference(CornerAlignedBilinearGradient gradient, CaseData data)
    {
        Samples dy = data.Inputs[0];
        return [Interpolation.Transposed(gradient.Plane, (dy.Shape.H, dy.Shape.W), (n, c, i, j) => dy[n, c, i, j])];
    }

    private static OperatorCase Gradient(CaseSize size, int n, int c, Size2D input, Size2D output) =>
        new(new CornerAlignedBilinearGradient(input), [Shape(n, c, output)], size);
}
