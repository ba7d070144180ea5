using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>What comes after the logits: softmax, labels and the probabilities of sliding windows.</summary>
internal static class ClassCases
{
    private static readonly int[] _classes = [1, 2, 19, 65, 150];

    public static IEnumerable<OperatorCase> All => [.. Softmaxes, .. Labels, .. Windows(mirrored: false), .. Windows(mirrored: true)];

    private static IEnumerable<OperatorCase> Softmaxes =>
    [
        Tiny(new Softmax(), new Shape(2, 3, 5, 7)),
        .. Planes.Select(plane => Small(new Softmax(), Shape(2, 5, plane))),
        .. _classes.Select(classes => Small(new Softmax(), new Shape(1, classes, 7, 9))),
        Tiny(new Softmax(), new Shape(1, 4, 3, 8)) with { Content = Content.Wide },
        Small(new Softmax(), new Shape(1, 19, 17, 65)) with { Content = Content.Wide },
        .. Placed(Small(new Softmax(), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new Softmax(), new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Labels =>
    [
        Tiny(new ArgMaxUpsampled((5, 7)), new Shape(2, 3, 3, 4)),
        .. Planes.Select(plane => Small(new ArgMaxUpsampled(plane), new Shape(2, 5, 9, 8))),
        .. Planes.Select(plane => Small(new ArgMaxUpsampled((24, 20)), Shape(1, 5, plane))),
        .. _classes.Append(256).Select(classes => Small(new ArgMaxUpsampled((17, 23)), new Shape(1, classes, 3, 4))),
        .. from content in new[] { Content.Ties, Content.NaN }
           from @case in new[]
           {
               Tiny(new ArgMaxUpsampled((5, 8)), new Shape(1, 4, 3, 4)),
               Small(new ArgMaxUpsampled((33, 65)), new Shape(2, 19, 9, 13)),
               Small(new ArgMaxUpsampled((9, 13)), new Shape(2, 5, 9, 13)),
           }
           select @case with { Content = content },
        .. Placed(Small(new ArgMaxUpsampled((8, 12)), new Shape(2, 5, 4, 8))),
        .. Placed(Small(new ArgMaxUpsampled((7, 13)), new Shape(2, 5, 3, 5))),
    ];

    private static IEnumerable<OperatorCase> Windows(bool mirrored) =>
    [
        Tiny(new AccumulateProbabilities((4, 5), (6, 7), mirrored), new Shape(1, 3, 3, 3)) with { Origin = (1, 2) },
        Small(new AccumulateProbabilities((17, 33), (17, 33), mirrored), new Shape(1, 5, 9, 8)),
        Small(new AccumulateProbabilities((16, 16), (40, 36), mirrored), new Shape(1, 19, 2, 2)) with { Origin = (24, 20) },
        Small(new AccumulateProbabilities((15, 33), (40, 65), mirrored), new Shape(1, 7, 5, 6)) with { Origin = (3, 32) },
        Small(new AccumulateProbabilities((9, 65), (10, 65), mirrored), new Shape(1, 2, 3, 9)) with { Origin = (1, 0) },
        Small(new AccumulateProbabilities((7, 6), (9, 8), mirrored), new Shape(1, 150, 3, 3)) with { Origin = (1, 1) },
        Small(new AccumulateProbabilities((1, 1), (3, 3), mirrored), new Shape(1, 4, 2, 2)) with { Origin = (2, 1) },
        Small(new AccumulateProbabilities((17, 33), (20, 36), mirrored), new Shape(1, 19, 5, 9)) with { Content = Content.Wide, Origin = (1, 2) },
        .. Placed(Small(new AccumulateProbabilities((8, 8), (12, 12), mirrored), new Shape(1, 5, 4, 4)) with { Origin = (4, 4) }),
    ];
}
