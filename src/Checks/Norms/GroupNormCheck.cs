using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The norm of each image's groups of channels.</summary>
internal sealed class GroupNormCheck : Check<GroupNorm>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new GroupNorm(2), new Shape(2, 4, 5, 7)),
        Tiny(new GroupNorm(3), new Shape(1, 3, 4, 8)),
        .. Planes.Select(plane => Small(new GroupNorm(2), Shape(2, 6, plane))),
        Small(new GroupNorm(1), new Shape(1, 65, 7, 9)),
        Small(new GroupNorm(32), new Shape(3, 64, 5, 6)),
        .. Placed(Small(new GroupNorm(2), new Shape(2, 6, 8, 12))),
        .. Placed(Small(new GroupNorm(5), new Shape(2, 5, 7, 13))),
        Tiny(new GroupNorm(2), new Shape(1, 6, 3, 8)) with { Content = Content.Narrow },
        Small(new GroupNorm(2), new Shape(1, 6, 57, 57)) with { Content = Content.Narrow },
        // The head of SegNeXt-T.
        Large(new GroupNorm(32), new Shape(1, 256, 64, 64)),
    ];

    protected override Func<double>? Drawn(GroupNorm norm, Draw draw, int input) =>
        draw.Case.Content == Content.Narrow ? draw.Between(99.9f, 100.1f) : null;

    protected override Element[] Reference(GroupNorm norm, CaseData data)
    {
        Samples x = data.Inputs[0];
        int channels = x.Shape.C / norm.Groups, length = channels * x.Shape.Plane;
        Func<int, (Estimate, Estimate)> moments = Lazily.Once(
            x.Shape.N * norm.Groups, group => NormMoments.Of(new ArraySegment<double>(x.Values, group * length, length)));
        return [(n, c, i, j) => NormMoments.Normalized(x[n, c, i, j], moments(n * norm.Groups + c / channels))];
    }
}

/// <summary>Its gradient.</summary>
internal sealed class GroupNormGradientCheck : Check<GroupNormGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Gradient(CaseSize.Tiny, 2, new Shape(2, 4, 5, 7)),
        Gradient(CaseSize.Tiny, 3, new Shape(1, 3, 4, 8)),
        .. Planes.Select(plane => Gradient(CaseSize.Small, 2, Shape(2, 6, plane))),
        Gradient(CaseSize.Small, 1, new Shape(1, 65, 7, 9)),
        Gradient(CaseSize.Small, 32, new Shape(3, 64, 5, 6)),
        Gradient(CaseSize.Small, 2, new Shape(1, 6, 57, 57)),
        .. Placed(Gradient(CaseSize.Small, 2, new Shape(2, 6, 8, 12))),
        .. Placed(Gradient(CaseSize.Small, 5, new Shape(2, 5, 7, 13))),
        Gradient(CaseSize.Large, 32, new Shape(2, 256, 64, 64)),
    ];

    protected override Element[] Reference(GroupNormGradient gradient, CaseData data)
    {
        (Samples dy, Samples x, int groups) = (data.Inputs[0], data.Inputs[1], gradient.Forward.Groups);
        int channels = x.Shape.C / groups, length = channels * x.Shape.Plane;
        Func<int, NormSlopes> slopes = Lazily.Once(x.Shape.N * groups, group => new NormSlopes(
            new ArraySegment<double>(dy.Values, group * length, length), new ArraySegment<double>(x.Values, group * length, length)));
        return [(n, c, i, j) => slopes(n * groups + c / channels).Of(dy[n, c, i, j], x[n, c, i, j])];
    }

    private static OperatorCase Gradient(CaseSize size, int groups, Shape x) =>
        new(new GroupNormGradient(new GroupNorm(groups)), [x, x], size);
}
