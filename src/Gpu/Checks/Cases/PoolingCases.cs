using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Max pool and adaptive average pool.</summary>
internal static class PoolingCases
{
    private static readonly MaxPool _stem = new(3, 2, 1);

    /// <summary>Divisible, overlapping, equal, larger (pixels repeat), down to one.</summary>
    public static IReadOnlyList<(Size2D Input, Size2D Output)> Bins { get; } =
    [
        ((60, 60), 20), ((60, 60), 12), ((65, 97), 20), ((65, 97), 12), ((9, 13), 20), ((9, 13), 12), ((1, 1), 12),
        ((7, 65), 1), ((17, 17), (1, 17)), ((17, 17), (17, 1)), ((8, 8), 8), ((5, 129), (2, 3)), ((129, 5), (7, 6)), ((64, 64), 3), ((30, 30), 6),
    ];

    public static IEnumerable<OperatorCase> All => [.. Maxima, .. Means];

    private static IEnumerable<OperatorCase> Maxima =>
    [
        Tiny(_stem, new Shape(1, 2, 5, 7)),
        .. Planes.Select(plane => Small(_stem, Shape(2, 3, plane))),
        Small(_stem, new Shape(1, 64, 60, 60)),
        Small(_stem, new Shape(3, 65, 8, 8)),
        Small(new MaxPool(2, 2, 0), new Shape(2, 3, 9, 16)),
        Small(new MaxPool(2, 2, 1), new Shape(2, 3, 9, 16)),
        Small(new MaxPool(3, 1, 1), new Shape(2, 3, 9, 16)),
        Small(new MaxPool(5, 3, 2), new Shape(2, 3, 19, 33)),
        Tiny(_stem, new Shape(2, 3, 9, 13)) with { Content = Content.NaN },
        Small(_stem, new Shape(2, 3, 32, 64)) with { Content = Content.NaN },
        .. Placed(Small(_stem, new Shape(2, 5, 16, 24))),
        .. Placed(Small(_stem, new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Means =>
    [
        Tiny(new AdaptiveAveragePool(3), new Shape(1, 2, 5, 7)),
        Tiny(new AdaptiveAveragePool(4), new Shape(2, 2, 3, 2)),
        .. Bins.Select(bins => Small(new AdaptiveAveragePool(bins.Output), Shape(2, 3, bins.Input))),
        Small(new AdaptiveAveragePool(12), new Shape(3, 65, 15, 15)),
        .. Placed(Small(new AdaptiveAveragePool((4, 6)), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new AdaptiveAveragePool(5), new Shape(2, 5, 7, 13))),
    ];
}
