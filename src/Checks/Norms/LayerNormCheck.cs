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
        Func<int, (Estimate, Estimate)> moments = Lazily.Once(x.Shape.N * x.Shape.Plane, pixel => NormMoments.Of(Channels(x, pixel)));
        return [(n, c, i, j) => NormMoments.Normalized(x[n, c, i, j], moments((n * x.Shape.H + i) * x.Shape.W + j))];
    }

    /// <summary>The channels of a pixel, which are counted over images.</summary>
    public static double[] Channels(Samples x, int pixel)
    {
        int n = pixel / x.Shape.Plane, at = pixel - n * x.Shape.Plane, i = at / x.Shape.W, j = at - i * x.Shape.W;
        return [.. Enumerable.Range(0, x.Shape.C).Select(c => x[n, c, i, j])];
    }
}

/// <summary>Its gradient.</summary>
internal sealed class LayerNormGradientCheck : Check<LayerNormGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Gradient(CaseSize.Tiny, new Shape(2, 3, 5, 7)),
        Gradient(CaseSize.Tiny, new Shape(2, 3, 4, 8)),
        .. Planes.Select(plane => Gradient(CaseSize.Small, Shape(2, 5, plane))),
        .. Classes.Select(channels => Gradient(CaseSize.Small, new Shape(1, channels, 7, 9))),
        .. Placed(Gradient(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(Gradient(CaseSize.Small, new Shape(2, 5, 7, 13))),
        Gradient(CaseSize.Large, new Shape(2, 32, 128, 128)),
    ];

    protected override Element[] Reference(LayerNormGradient gradient, CaseData data)
    {
        (Samples dy, Samples x) = (data.Inputs[0], data.Inputs[1]);
        Func<int, NormSlopes> slopes = Lazily.Once(x.Shape.N * x.Shape.Plane, pixel =>
            new NormSlopes(LayerNormCheck.Channels(dy, pixel), LayerNormCheck.Channels(x, pixel)));
        return [(n, c, i, j) => slopes((n * x.Shape.H + i) * x.Shape.W + j).Of(dy[n, c, i, j], x[n, c, i, j])];
    }

    private static OperatorCase Gradient(CaseSize size, Shape x) => new(new LayerNormGradient(), [x, x], size);
}
