using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Functions of each element on its own.</summary>
internal sealed class PointwiseCheck : Check<Pointwise>
{
    public override IEnumerable<OperatorCase> Cases => [.. Enum.GetValues<PointwiseKind>().SelectMany(Of), .. Extremes];

    protected override Func<double>? Drawn(Pointwise function, Draw draw, int input) =>
        function.Kind == PointwiseKind.SigmoidGradient && input == 1 ? draw.Between(0f, 1f) : null;

    protected override Element[] Reference(Pointwise function, CaseData data)
    {
        Samples x = data.Inputs[0];
        return
        [
            (n, c, i, j) =>
            {
                Estimate value = x[n, c, i, j];
                return function.Kind switch
                {
                    PointwiseKind.Copy => value,
                    PointwiseKind.Relu => value.Relu(),
                    PointwiseKind.Sigmoid => value.Sigmoid(),
                    PointwiseKind.Add => value + data.Inputs[1][n, c, i, j],
                    PointwiseKind.Multiply => value * data.Inputs[1][n, c, i, j],
                    PointwiseKind.ReluGradient => data.Inputs[1][n, c, i, j] > 0 ? value : 0,
                    PointwiseKind.SigmoidGradient => value * ((Estimate)data.Inputs[1][n, c, i, j]).SigmoidSlope(),
                    PointwiseKind.Gelu => value * GaussianShare.Below(x[n, c, i, j]),
                    _ => value * GaussianShare.GeluSlope(data.Inputs[1][n, c, i, j]),
                };
            },
        ];
    }

    private static IEnumerable<OperatorCase> Of(PointwiseKind kind) =>
    [
        Each(CaseSize.Tiny, kind, new Shape(2, 2, 5, 7)),
        Each(CaseSize.Tiny, kind, new Shape(2, 2, 4, 8)),
        .. Planes.Select(plane => Each(CaseSize.Small, kind, Shape(2, 3, plane))),
        .. Placed(Each(CaseSize.Small, kind, new Shape(2, 5, 8, 12))),
        .. Placed(Each(CaseSize.Small, kind, new Shape(2, 5, 7, 13))),
        Each(CaseSize.Large, kind, new Shape(1, 256, 120, 120)),
    ];

    private static IEnumerable<OperatorCase> Extremes =>
    [
        Each(CaseSize.Small, PointwiseKind.Sigmoid, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
        Each(CaseSize.Small, PointwiseKind.Gelu, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
        Each(CaseSize.Small, PointwiseKind.GeluGradient, new Shape(1, 3, 17, 65)) with { Content = Content.Wide },
        Each(CaseSize.Small, PointwiseKind.Gelu, new Shape(1, 3, 17, 65)) with { Content = Content.NaN },
        Each(CaseSize.Small, PointwiseKind.Relu, new Shape(1, 3, 17, 65)) with { Content = Content.NaN },
        Each(CaseSize.Tiny, PointwiseKind.Relu, new Shape(1, 3, 4, 8)) with { Content = Content.NaN },
        .. from content in new[] { Content.NaN, Content.Integers }
           from @case in new[]
           {
               Each(CaseSize.Tiny, PointwiseKind.ReluGradient, new Shape(1, 3, 4, 8)),
               Each(CaseSize.Small, PointwiseKind.ReluGradient, new Shape(1, 3, 17, 65)),
           }
           select @case with { Content = content },
    ];

    private static OperatorCase Each(CaseSize size, PointwiseKind kind, Shape shape)
    {
        var function = new Pointwise(kind);
        return new OperatorCase(function, function.IsBinary ? [shape, shape] : [shape], size);
    }
}
