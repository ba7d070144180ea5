using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Gradients of max pool, adaptive average pool and bilinear interpolation.</summary>
internal static class ResamplingGradientCases
{
    private static readonly MaxPool _stem = new(3, 2, 1);

    public static IEnumerable<OperatorCase> All => [.. Maxima, .. Means, .. Bilinears];

    /// <summary>The gradient of the largest elements of <paramref name="x"/>.</summary>
    public static OperatorCase Maximum(CaseSize size, MaxPool pool, Shape x) => new(new MaxPoolGradient(pool), [pool.Infer([x])[0], x], size);

    /// <summary>The gradient of the means of <paramref name="input"/> in bins.</summary>
    public static OperatorCase Mean(CaseSize size, int n, int c, Size2D input, Size2D output) =>
        new(new AdaptiveAveragePoolGradient(input), [Shape(n, c, output)], size);

    /// <summary>The gradient of the interpolation from <paramref name="input"/> to <paramref name="output"/>.</summary>
    public static OperatorCase CornerAlignedBilinear(CaseSize size, int n, int c, Size2D input, Size2D output) =>
        new(new CornerAlignedBilinearGradient(input), [Shape(n, c, output)], size);

    private static IEnumerable<OperatorCase> Maxima =>
    [
        Maximum(CaseSize.Tiny, _stem, new Shape(1, 2, 5, 7)),
        .. Planes.Select(plane => Maximum(CaseSize.Small, _stem, Shape(2, 3, plane))),
        Maximum(CaseSize.Small, _stem, new Shape(1, 64, 57, 57)),
        Maximum(CaseSize.Small, _stem, new Shape(3, 65, 8, 8)),
        Maximum(CaseSize.Small, new MaxPool(2, 2, 0), new Shape(2, 3, 9, 16)),
        Maximum(CaseSize.Small, new MaxPool(2, 2, 1), new Shape(2, 3, 9, 16)),
        Maximum(CaseSize.Small, new MaxPool(2, 3, 0), new Shape(2, 3, 10, 17)),
        Maximum(CaseSize.Small, new MaxPool(3, 1, 1), new Shape(2, 3, 9, 16)),
        Maximum(CaseSize.Small, new MaxPool(5, 3, 2), new Shape(2, 3, 19, 33)),
        .. from content in new[] { Content.NaN, Content.Integers }
           from @case in new[]
           {
               Maximum(CaseSize.Tiny, _stem, new Shape(2, 3, 7, 9)),
               Maximum(CaseSize.Small, _stem, new Shape(2, 3, 32, 64)),
               Maximum(CaseSize.Small, new MaxPool(5, 3, 2), new Shape(2, 3, 19, 33)),
           }
           select @case with { Content = content },
        .. Placed(Maximum(CaseSize.Small, _stem, new Shape(2, 5, 16, 24))),
        .. Placed(Maximum(CaseSize.Small, _stem, new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Means =>
    [
        Mean(CaseSize.Tiny, 1, 2, (5, 7), 3),
        Mean(CaseSize.Tiny, 2, 2, (3, 2), 4),
        .. PoolingCases.Bins.Select(bins => Mean(CaseSize.Small, 2, 3, bins.Input, bins.Output)),
        Mean(CaseSize.Small, 3, 65, 15, 12),
        .. Placed(Mean(CaseSize.Small, 2, 5, (8, 12), (4, 6))),
        .. Placed(Mean(CaseSize.Small, 2, 5, (7, 13), 5)),
    ];

    private static IEnumerable<OperatorCase> Bilinears =>
    [
        CornerAlignedBilinear(CaseSize.Tiny, 2, 2, (3, 4), (5, 7)),
        CornerAlignedBilinear(CaseSize.Tiny, 1, 2, (5, 7), (3, 2)),
        .. InterpolationCases.Sizes.Select(sizes => CornerAlignedBilinear(CaseSize.Small, 2, 3, sizes.Input, sizes.Output)),
        CornerAlignedBilinear(CaseSize.Small, 3, 65, 4, 9),
        CornerAlignedBilinear(CaseSize.Small, 1, 2, 29, 225),
        .. Placed(CornerAlignedBilinear(CaseSize.Small, 2, 5, (4, 8), (8, 12))),
        .. Placed(CornerAlignedBilinear(CaseSize.Small, 2, 5, (3, 5), (7, 13))),
    ];
}
