namespace SpGpu.Checks;

/// <summary>Shorthand for the lists of cases.</summary>
internal static class Make
{
    /// <summary>Planes around the limits of vectors (4, 8, 16 floats) and groups (64): square, flat, tall, odd, even.</summary>
    public static IReadOnlyList<Size2D> Planes { get; } =
        [(1, 1), (1, 7), (7, 1), (7, 7), (8, 8), (16, 17), (17, 16), (1, 64), (64, 1), (3, 65), (65, 3), (5, 129), (129, 2), (17, 65)];

    /// <summary>Numbers of classes, among them those of ADE20K and Cityscapes.</summary>
    public static IReadOnlyList<int> Classes { get; } = [1, 2, 19, 65, 150];

    /// <summary>Every way to place inputs and outputs but the usual one.</summary>
    public static IReadOnlyList<(Placement In, Placement Out)> Placements { get; } =
    [
        (Placement.Contiguous, Placement.Slice), (Placement.Contiguous, Placement.Misaligned),
        (Placement.Slice, Placement.Contiguous), (Placement.Slice, Placement.Slice), (Placement.Slice, Placement.Misaligned),
        (Placement.Misaligned, Placement.Contiguous), (Placement.Misaligned, Placement.Slice), (Placement.Misaligned, Placement.Misaligned),
    ];

    public static OperatorCase Tiny(Specification specification, params Shape[] inputs) =>
        new(specification, [.. inputs], CaseSize.Tiny);

    public static OperatorCase Small(Specification specification, params Shape[] inputs) =>
        new(specification, [.. inputs], CaseSize.Small);

    public static OperatorCase Large(Specification specification, params Shape[] inputs) =>
        new(specification, [.. inputs], CaseSize.Large);

    public static Shape Shape(int n, int c, Size2D plane) => new(n, c, plane.Height, plane.Width);

    /// <summary>The column and the row that expand to <paramref name="shape"/>.</summary>
    public static Shape[] Strips(Shape shape) => [shape with { W = 1 }, shape with { H = 1 }];

    /// <summary>The case in every other placement.</summary>
    public static IEnumerable<OperatorCase> Placed(OperatorCase @case) =>
        Placements.Select(placement => @case with { InputPlacement = placement.In, OutputPlacement = placement.Out });
}
