using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Strip pooling: the means over W and over H.</summary>
internal sealed class StripMeansCheck : Check<StripMeans>
{
    private static readonly StripMeans[] _wanted = [new(), new(OverHeight: false), new(OverWidth: false)];

    public override IEnumerable<OperatorCase> Cases =>
    [
        .. _wanted.Select(means => Tiny(means, new Shape(2, 2, 5, 7))),
        .. from means in _wanted
           from plane in Planes
           select Small(means, Shape(2, 3, plane)),
        .. from means in _wanted
           from plane in new Size2D[] { (60, 60), (97, 131), (1, 1025), (1025, 1), (9, 1028) }
           select Small(means, Shape(1, 17, plane)),
        Small(new StripMeans(), new Shape(3, 65, 8, 8)),
        .. Placed(Small(new StripMeans(), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new StripMeans(), new Shape(2, 5, 7, 13))),
        .. Placed(Tiny(new StripMeans(), new Shape(2, 2, 4, 8))),
        // In the four stages of SPNet-50.
        Large(new StripMeans(), new Shape(1, 64, 120, 120)),
        .. from channels in (int[])[128, 256, 512]
           select Large(new StripMeans(), new Shape(1, channels, 60, 60)),
    ];

    protected override Element[] Reference(StripMeans means, CaseData data)
    {
        Samples x = data.Inputs[0];
        Element overWidth = (n, c, i, _) => x.Mean(n, c, (i, i + 1), (0, x.Shape.W));
        Element overHeight = (n, c, _, j) => x.Mean(n, c, (0, x.Shape.H), (j, j + 1));
        return (means.OverWidth, means.OverHeight) switch
        {
            (true, true) => [overWidth, overHeight],
            (true, false) => [overWidth],
            _ => [overHeight],
        };
    }
}

/// <summary>The gradient of the means.</summary>
internal sealed class StripMeansGradientCheck : Check<StripMeansGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        .. StripGradientCases.Of((size, x) => Gradient(size, x, overWidth: true, overHeight: true)),
        .. StripGradientCases.Of((size, x) => Gradient(size, x, overWidth: true, overHeight: false)),
        .. StripGradientCases.Of((size, x) => Gradient(size, x, overWidth: false, overHeight: true)),
        Gradient(CaseSize.Large, new Shape(2, 256, 57, 57), overWidth: true, overHeight: true),
    ];

    protected override Element[] Reference(StripMeansGradient gradient, CaseData data) =>
    [
        (n, c, i, j) =>
        {
            var sum = new Total();
            if (gradient.OverWidth)
                sum.Add(data.Inputs[0][n, c, i, 0] / gradient.Plane.Width);
            if (gradient.OverHeight)
                sum.Add(data.Inputs[^1][n, c, 0, j] / gradient.Plane.Height);
            return sum.Sum;
        },
    ];

    private static OperatorCase Gradient(CaseSize size, Shape x, bool overWidth, bool overHeight)
    {
        Shape[] strips = Strips(x)[(overWidth ? 0 : 1)..(overHeight ? 2 : 1)];
        return new(new StripMeansGradient((x.H, x.W), overWidth, overHeight), [.. strips], size);
    }
}
