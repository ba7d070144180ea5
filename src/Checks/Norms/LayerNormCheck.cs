using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The norm of each pixel's channels.</summary>
internal sealed class LayerNormCheck : Check<LayerNorm>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new LayerNorm(), new Shape(2, 3, 5, 7)),
        Tiny(new LayerNorm(), new Shape(2, 3, 4, 8)),
        .. Planes.Select(plane => Small(new LayerNorm(), Shape(2, 5, plane))),
        .. Classes.Select(channels => Small(new LayerNorm(), new Shape(1, channels, 7, 9))),
        .. Placed(Small(new LayerNorm(), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new LayerNorm(), new Shape(2, 5, 7, 13))),
        Tiny(new LayerNorm(), new Shape(1, 6, 3, 8)) with { Content = Content.Narrow },
        Small(new LayerNorm(), new Shape(1, 32, 17, 65)) with { Content = Content.Wide },
        // The first and the third stage of SegNeXt-T.
        Large(new LayerNorm(), new Shape(1, 32, 128, 128)),
        Large(new LayerNorm(), new Shape(1, 160, 32, 32)),
    ];

    protected override Func<double>? Drawn(LayerNorm norm, Draw draw, int input) =>
        draw.Case.Content == Content.Narrow ? draw.Between(99.9f, 100.1f) : null;

    protected override Element[] Reference(LayerNorm norm, CaseData data)
    {
        Samples x = data.Inputs[0];
        Func<int, (Estimate, Estimate)> moments = Lazily.Once(x.Shape.N * x.Shape.Plane, pixel =>
        {
            int n = pixel / x.Shape.Plane, at = pixel - n * x.Shape.Plane, i = at / x.Shape.W, j = at - i * x.Shape.W;
            return NormMoments.Of([.. Enumerable.Range(0, x.Shape.C).Select(c => x[n, c, i, j])]);
        });
        return [(n, c, i, j) => NormMoments.Normalized(x[n, c, i, j], moments((n * x.Shape.H + i) * x.Shape.W + j))];
    }
}
