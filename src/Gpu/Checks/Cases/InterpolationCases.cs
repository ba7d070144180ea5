using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Bilinear interpolation and the sum of the mixed pooling module's pyramid.</summary>
internal static class InterpolationCases
{
    /// <summary>Up, down, equal, from one, to one, and steps that float32 does not hold exactly.</summary>
    public static IReadOnlyList<(Size2D Input, Size2D Output)> Sizes { get; } =
    [
        ((20, 20), 60), ((12, 12), 60), ((20, 20), (65, 97)), ((12, 12), (17, 9)), ((60, 60), (129, 130)), ((8, 8), 8), ((1, 1), 7),
        ((1, 65), (17, 65)), ((65, 1), (65, 17)), ((7, 7), 1), ((17, 65), (1, 64)), ((64, 17), (7, 129)), ((33, 33), 129), ((5, 6), (64, 64)),
    ];

    public static IEnumerable<OperatorCase> All => [.. Bilinears, .. Pyramids];

    private static IEnumerable<OperatorCase> Bilinears =>
    [
        Tiny(new CornerAlignedBilinear((5, 7)), new Shape(2, 2, 3, 4)),
        Tiny(new CornerAlignedBilinear((3, 2)), new Shape(1, 2, 5, 7)),
        .. Sizes.Select(size => Small(new CornerAlignedBilinear(size.Output), Shape(2, 3, size.Input))),
        Small(new CornerAlignedBilinear(9), new Shape(3, 65, 4, 4)),
        .. Placed(Small(new CornerAlignedBilinear((8, 12)), new Shape(2, 5, 4, 8))),
        .. Placed(Small(new CornerAlignedBilinear((7, 13)), new Shape(2, 5, 3, 5))),
    ];

    private static IEnumerable<OperatorCase> Pyramids =>
    [
        Pyramid(CaseSize.Tiny, new Shape(2, 2, 5, 7), 4, 3),
        .. Planes.Select(plane => Pyramid(CaseSize.Small, Shape(2, 3, plane), 20, 12)),
        Pyramid(CaseSize.Small, new Shape(1, 3, 60, 60), 20, 12),
        Pyramid(CaseSize.Small, new Shape(1, 3, 13, 21), (5, 1), (1, 4)),
        Pyramid(CaseSize.Small, new Shape(3, 65, 8, 8), 3, 2),
        .. Placed(Pyramid(CaseSize.Small, new Shape(2, 5, 8, 12), 4, 3)),
        .. Placed(Pyramid(CaseSize.Small, new Shape(2, 5, 7, 13), 4, 3)),
    ];

    private static OperatorCase Pyramid(CaseSize size, Shape x, Size2D first, Size2D second) =>
        new(new UpsampleAddRelu(), [x, Shape(x.N, x.C, first), Shape(x.N, x.C, second)], size);
}
