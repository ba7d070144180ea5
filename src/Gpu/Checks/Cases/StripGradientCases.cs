using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Gradients of strip means, of the expansion of strips and of the strip gate.</summary>
internal static class StripGradientCases
{
    private static readonly Func<CaseSize, Shape, OperatorCase>[] _operators =
    [
        (size, x) => Means(size, x, true, true), (size, x) => Means(size, x, true, false), (size, x) => Means(size, x, false, true),
        (size, x) => Expansion(size, x, relu: false), (size, x) => Expansion(size, x, relu: true), Gate,
    ];

    public static IEnumerable<OperatorCase> All => [.. _operators.SelectMany(Of), .. Extremes];

    /// <summary>The gradient of the means of <paramref name="x"/>.</summary>
    public static OperatorCase Means(CaseSize size, Shape x, bool overWidth, bool overHeight)
    {
        Shape[] strips = Strips(x);
        return new(new StripMeansGradient((x.H, x.W), overWidth, overHeight), [.. strips[(overWidth ? 0 : 1)..(overHeight ? 2 : 1)]], size);
    }

    /// <summary>The gradients of an expansion to <paramref name="x"/>.</summary>
    public static OperatorCase Expansion(CaseSize size, Shape x, bool relu) =>
        new(new ExpandAddGradient(relu), relu ? [x, .. Strips(x)] : [x], size);

    /// <summary>The gradients of the gate of <paramref name="x"/>.</summary>
    public static OperatorCase Gate(CaseSize size, Shape x) => new(new StripGateGradient(), [x, x, .. Strips(x)], size);

    private static IEnumerable<OperatorCase> Of(Func<CaseSize, Shape, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, new Shape(2, 2, 5, 7)),
        .. Planes.Select(plane => make(CaseSize.Small, Shape(2, 3, plane))),
        .. from plane in new Size2D[] { (60, 60), (97, 131), (1, 1025), (1025, 1) }
           select make(CaseSize.Small, Shape(1, 17, plane)),
        make(CaseSize.Small, new Shape(3, 65, 8, 8)),
        .. Placed(make(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(make(CaseSize.Small, new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Extremes =>
    [
        Expansion(CaseSize.Tiny, new Shape(1, 3, 4, 8), relu: true) with { Content = Content.Integers },
        Expansion(CaseSize.Small, new Shape(2, 3, 17, 65), relu: true) with { Content = Content.Integers },
        Gate(CaseSize.Small, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
    ];
}
