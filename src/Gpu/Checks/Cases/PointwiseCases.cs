using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Pointwise functions, batch norm, concat and the normalisation of pixels.</summary>
internal static class PointwiseCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        .. Enum.GetValues<PointwiseKind>().SelectMany(Functions), .. Extremes,
        .. Norms, .. Concats, .. Pixels(mirrored: false), .. Pixels(mirrored: true),
    ];

    private static IEnumerable<OperatorCase> Functions(PointwiseKind kind) =>
    [
        Each(CaseSize.Tiny, kind, new Shape(2, 2, 5, 7)),
        .. Planes.Select(plane => Each(CaseSize.Small, kind, Shape(2, 3, plane))),
        .. Placed(Each(CaseSize.Small, kind, new Shape(2, 5, 8, 12))),
        .. Placed(Each(CaseSize.Small, kind, new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Extremes =>
    [
        Each(CaseSize.Small, PointwiseKind.Sigmoid, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
        Each(CaseSize.Small, PointwiseKind.Relu, new Shape(1, 3, 17, 65)) with { Content = Content.NaN },
        Each(CaseSize.Tiny, PointwiseKind.Relu, new Shape(1, 3, 4, 8)) with { Content = Content.NaN },
        .. from content in new[] { Content.NaN, Content.Integers }
           from @case in new[] { Each(CaseSize.Tiny, PointwiseKind.ReluGradient, new Shape(1, 3, 4, 8)), Each(CaseSize.Small, PointwiseKind.ReluGradient, new Shape(1, 3, 17, 65)) }
           select @case with { Content = content },
    ];

    private static IEnumerable<OperatorCase> Norms =>
    [
        Tiny(new BatchNorm(3), new Shape(2, 3, 5, 7)),
        .. Planes.Select(plane => Small(new BatchNorm(5), Shape(2, 5, plane))),
        Small(new BatchNorm(65), new Shape(3, 65, 8, 8)),
        .. Placed(Small(new BatchNorm(5), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new BatchNorm(5), new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Concats =>
    [
        Concat(CaseSize.Tiny, 2, (5, 7), 2, 3),
        .. Planes.Select(plane => Concat(CaseSize.Small, 2, plane, 3, 5)),
        Concat(CaseSize.Small, 1, (7, 9), 4),
        Concat(CaseSize.Small, 3, (7, 9), 1, 64, 2),
        Concat(CaseSize.Small, 2, (6, 6), 16, 4, 4, 4, 4),
        .. Placed(Concat(CaseSize.Small, 2, (8, 12), 3, 2)),
        .. Placed(Concat(CaseSize.Small, 2, (7, 13), 3, 2)),
    ];

    private static IEnumerable<OperatorCase> Pixels(bool mirrored) =>
    [
        Tiny(new NormalizeRgb(ColourStatistics.ImageNet, mirrored), new Shape(1, 3, 5, 7)),
        .. Planes.Select(plane => Small(new NormalizeRgb(ColourStatistics.ImageNet, mirrored), Shape(2, 3, plane))),
        .. Placed(Small(new NormalizeRgb(ColourStatistics.ImageNet, mirrored), new Shape(2, 3, 8, 12))),
        .. Placed(Small(new NormalizeRgb(ColourStatistics.ImageNet, mirrored), new Shape(2, 3, 7, 13))),
        Small(new NormalizeRgb(new ColourStatistics([0, 127.5f, -3], [255, 127.5f, 0.25f]), mirrored), new Shape(2, 3, 6, 9)),
    ];

    private static OperatorCase Each(CaseSize size, PointwiseKind kind, Shape shape)
    {
        var pointwise = new Pointwise(kind);
        return new OperatorCase(pointwise, pointwise.IsBinary ? [shape, shape] : [shape], size);
    }

    private static OperatorCase Concat(CaseSize size, int n, Size2D plane, params int[] channels) =>
        new(new Concat(), [.. channels.Select(c => Shape(n, c, plane))], size);
}
