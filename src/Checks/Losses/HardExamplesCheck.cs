using System.Collections.Immutable;
using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The mining of hard examples: labels, compared by the rule of <see cref="HardSelection"/>.</summary>
internal sealed class HardExamplesCheck : Check<HardExamples>
{
    /// <summary>
    /// Probabilities of one class in five are around 0.2, so that thresholds lie among them or are raised to keep enough.
    /// </summary>
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. Thresholds(2 * 5 * 7).Select(hard => Mine(CaseSize.Tiny, hard, new Shape(2, 5, 3, 4), (5, 7))),
        .. from sizes in LabelMaps.Sizes
           from hard in Thresholds(2 * sizes.Map.Height * sizes.Map.Width)
           select Mine(CaseSize.Small, hard, Shape(2, 5, sizes.Logits), sizes.Map),
        Mine(CaseSize.Small, new HardExamples(0.01f, 100), new Shape(1, 150, 3, 5), (17, 23)),
        Mine(CaseSize.Small, new HardExamples(0.001f, 200), new Shape(1, 256, 3, 5), (17, 23)),
        Mine(CaseSize.Small, new HardExamples(0.7f, 100, Ignored: 1), new Shape(2, 3, 5, 9), (17, 33)),
        Mine(CaseSize.Small, new HardExamples(0.7f, 300), new Shape(2, 19, 5, 9), (17, 33)) with { Content = Content.Wide },
        Mine(CaseSize.Tiny, new HardExamples(0.7f, 0), new Shape(1, 4, 3, 4), (5, 8)) with { Content = Content.Ignored },
        Mine(CaseSize.Small, new HardExamples(0.7f, 10), new Shape(2, 19, 5, 9), (17, 33)) with { Content = Content.Ignored },
        .. Placed(Mine(CaseSize.Small, new HardExamples(0.2f, 120), new Shape(2, 5, 4, 8), (8, 12))),
        .. Placed(Mine(CaseSize.Small, new HardExamples(0.2f, 10), new Shape(2, 5, 3, 5), (7, 13))),
        Mine(CaseSize.Tiny, new HardExamples(0.2f, 0, Rule: ResizeRule.HalfPixel), new Shape(2, 5, 3, 4), (5, 7)),
        Mine(CaseSize.Small, new HardExamples(0.2f, 100, Rule: ResizeRule.HalfPixel), new Shape(2, 5, 9, 13), (33, 65)),
        Mine(CaseSize.Large, new HardExamples(0.01f, 40_000), new Shape(2, 150, 29, 29), 225),
    ];

    protected override Func<double>? Drawn(HardExamples hard, Draw draw, int input) =>
        input == 1 ? LabelMaps.Labels(draw, hard.Ignored) : null;

    /// <summary>The logarithm of the sum at every pixel follows from the logits.</summary>
    protected override ImmutableArray<Samples> Completed(HardExamples hard, ImmutableArray<Samples> inputs)
    {
        (Samples x, Shape map) = (inputs[0], inputs[2].Shape);
        Element up = Interpolation.Of(x, (map.H, map.W), hard.Rule);
        return inputs.SetItem(2, Samples.Rounded((n, _, i, j) => Logits.LogSumExp(Logits.At(up, x.Shape.C, n, i, j)), map));
    }

    protected override Element[] Reference(HardExamples hard, CaseData data)
    {
        HardSelection selection = Select(hard, data);
        Shape map = data.Inputs[1].Shape;
        return [(n, _, i, j) => selection.Label((n * map.H + i) * map.W + j)];
    }

    protected override Judge[] Judges(HardExamples hard, CaseData data)
    {
        HardSelection selection = Select(hard, data);
        Shape map = data.Inputs[1].Shape;
        return [(n, _, i, j, actual) => selection.Judge((n * map.H + i) * map.W + j, actual)];
    }

    private static HardSelection Select(HardExamples hard, CaseData data)
    {
        (Samples x, Samples labels, Samples lse) = (data.Inputs[0], data.Inputs[1], data.Inputs[2]);
        Element up = Interpolation.Of(x, (labels.Shape.H, labels.Shape.W), hard.Rule);
        return new HardSelection(hard, labels, (n, c, i, j) => (up(n, c, i, j) - lse[n, 0, i, j]).Exp());
    }

    /// <summary>A threshold that decides, one that keeping a part of the pixels raises, one that is never reached, and all kept.</summary>
    private static IEnumerable<HardExamples> Thresholds(int pixels) =>
        [new(0.2f, 0), new(0.2f, Math.Max(pixels / 16, 1)), new(0.05f, pixels / 2 + 1), new(1f, 1), new(0.1f, pixels)];

    private static OperatorCase Mine(CaseSize size, HardExamples hard, Shape x, Size2D map) =>
        new(hard, [x, LabelMaps.Of(x, map), LabelMaps.Of(x, map)], size);
}
