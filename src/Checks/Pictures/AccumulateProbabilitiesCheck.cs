using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Probabilities of a window added to those of a whole picture.</summary>
internal sealed class AccumulateProbabilitiesCheck : Check<AccumulateProbabilities>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. Of(mirrored: false), .. Of(mirrored: true),
        Tiny(new AccumulateProbabilities((4, 5), (6, 7), Rule: ResizeRule.HalfPixel), new Shape(1, 3, 3, 3)) with { Origin = (1, 2) },
        Small(new AccumulateProbabilities((17, 33), (20, 36), true, ResizeRule.HalfPixel), new Shape(1, 19, 5, 9)) with { Origin = (1, 2) },
        Small(new AccumulateProbabilities((16, 16), (40, 36), false, ResizeRule.HalfPixel), new Shape(1, 5, 2, 2)),
        Large(new AccumulateProbabilities(480, (480, 640)), new Shape(1, 150, 60, 60)) with { Origin = (0, 160) },
    ];

    protected override Size2D Written(AccumulateProbabilities accumulate, Shape output) => accumulate.Window;

    protected override Element[] Reference(AccumulateProbabilities accumulate, CaseData data)
    {
        (Samples x, Samples before, Size2D origin) = (data.Inputs[0], data.Before[0]!, data.Origin);
        Element up = Interpolation.Of(x, accumulate.Window, accumulate.Rule);
        return
        [
            (n, c, i, j) =>
            {
                int column = accumulate.Mirrored ? accumulate.Window.Width - 1 - j : j;
                return Logits.Probability(Logits.At(up, x.Shape.C, n, i, column), c) + before[n, c, i + origin.Height, j + origin.Width];
            },
        ];
    }

    private static IEnumerable<OperatorCase> Of(bool mirrored) =>
    [
        Tiny(new AccumulateProbabilities((4, 5), (6, 7), mirrored), new Shape(1, 3, 3, 3)) with { Origin = (1, 2) },
        Small(new AccumulateProbabilities((17, 33), (17, 33), mirrored), new Shape(1, 5, 9, 8)),
        Small(new AccumulateProbabilities((16, 16), (40, 36), mirrored), new Shape(1, 19, 2, 2)) with { Origin = (24, 20) },
        Small(new AccumulateProbabilities((15, 33), (40, 65), mirrored), new Shape(1, 7, 5, 6)) with { Origin = (3, 32) },
        Small(new AccumulateProbabilities((9, 65), (10, 65), mirrored), new Shape(1, 2, 3, 9)) with { Origin = (1, 0) },
        Small(new AccumulateProbabilities((7, 6), (9, 8), mirrored), new Shape(1, 150, 3, 3)) with { Origin = (1, 1) },
        Small(new AccumulateProbabilities((1, 1), (3, 3), mirrored), new Shape(1, 4, 2, 2)) with { Origin = (2, 1) },
        Small(new AccumulateProbabilities((17, 33), (20, 36), mirrored), new Shape(1, 19, 5, 9)) with
        {
            Content = Content.Wide,
            Origin = (1, 2),
        },
        .. Placed(Small(new AccumulateProbabilities((8, 8), (12, 12), mirrored), new Shape(1, 5, 4, 4)) with { Origin = (4, 4) }),
    ];
}
