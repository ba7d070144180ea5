using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Strip means, expansion of strips and the strip gate.</summary>
internal static class StripCases
{
    private static readonly StripMeans[] _means = [new(), new(OverHeight: false), new(OverWidth: false)];

    public static IEnumerable<OperatorCase> All => [.. Means, .. Expansions(relu: false), .. Expansions(relu: true), .. Gates];

    private static IEnumerable<OperatorCase> Means =>
    [
        .. _means.Select(means => Tiny(means, new Shape(2, 2, 5, 7))),
        .. from means in _means
           from plane in Planes
           select Small(means, Shape(2, 3, plane)),
        .. from means in _means
           from plane in new Size2D[] { (60, 60), (97, 131), (1, 1025), (1025, 1) }
           select Small(means, Shape(1, 17, plane)),
        Small(new StripMeans(), new Shape(3, 65, 8, 8)),
        .. Placed(Small(new StripMeans(), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new StripMeans(), new Shape(2, 5, 7, 13))),
        .. Placed(Tiny(new StripMeans(), new Shape(2, 2, 4, 8))),
    ];

    private static IEnumerable<OperatorCase> Expansions(bool relu) =>
    [
        Tiny(new ExpandAdd(relu), Strips(new Shape(2, 2, 5, 7))),
        .. Planes.Select(plane => Small(new ExpandAdd(relu), Strips(Shape(2, 3, plane)))),
        Small(new ExpandAdd(relu), Strips(new Shape(3, 65, 8, 8))),
        .. Placed(Small(new ExpandAdd(relu), Strips(new Shape(2, 5, 8, 12)))),
        .. Placed(Small(new ExpandAdd(relu), Strips(new Shape(2, 5, 7, 13)))),
    ];

    private static IEnumerable<OperatorCase> Gates =>
    [
        Gate(CaseSize.Tiny, new Shape(2, 2, 5, 7)),
        .. Planes.Select(plane => Gate(CaseSize.Small, Shape(2, 3, plane))),
        Gate(CaseSize.Small, new Shape(3, 65, 8, 8)),
        Gate(CaseSize.Small, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
        .. Placed(Gate(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(Gate(CaseSize.Small, new Shape(2, 5, 7, 13))),
    ];

    private static OperatorCase Gate(CaseSize size, Shape x) => new(new StripGate(), [x, .. Strips(x)], size);
}
