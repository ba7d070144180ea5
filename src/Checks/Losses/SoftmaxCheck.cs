using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Probabilities of the classes at each pixel.</summary>
internal sealed class SoftmaxCheck : Check<Softmax>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new Softmax(), new Shape(2, 3, 5, 7)),
        .. Planes.Select(plane => Small(new Softmax(), Shape(2, 5, plane))),
        .. Classes.Select(classes => Small(new Softmax(), new Shape(1, classes, 7, 9))),
        Tiny(new Softmax(), new Shape(1, 4, 3, 8)) with { Content = Content.Wide },
        Small(new Softmax(), new Shape(1, 19, 17, 65)) with { Content = Content.Wide },
        .. Placed(Small(new Softmax(), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new Softmax(), new Shape(2, 5, 7, 13))),
        Large(new Softmax(), new Shape(1, 150, 60, 60)),
    ];

    protected override Element[] Reference(Softmax softmax, CaseData data)
    {
        Samples x = data.Inputs[0];
        return [(n, c, i, j) => Logits.Probability(Logits.At((m, k, u, v) => x[m, k, u, v], x.Shape.C, n, i, j), c)];
    }
}

/// <summary>Its gradient.</summary>
internal sealed class SoftmaxGradientCheck : Check<SoftmaxGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Gradient(CaseSize.Tiny, new Shape(2, 3, 5, 7)),
        Gradient(CaseSize.Tiny, new Shape(2, 3, 4, 8)),
        .. Planes.Select(plane => Gradient(CaseSize.Small, Shape(2, 5, plane))),
        .. Classes.Select(classes => Gradient(CaseSize.Small, new Shape(1, classes, 7, 9))),
        .. Placed(Gradient(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(Gradient(CaseSize.Small, new Shape(2, 5, 7, 13))),
        Gradient(CaseSize.Large, new Shape(2, 150, 29, 29)),
    ];

    protected override Func<double>? Drawn(SoftmaxGradient gradient, Draw draw, int input) => input == 1 ? draw.Between(0f, 1f) : null;

    protected override Element[] Reference(SoftmaxGradient gradient, CaseData data)
    {
        (Samples dy, Samples y) = (data.Inputs[0], data.Inputs[1]);
        return
        [
            (n, c, i, j) =>
            {
                var sum = new Total();
                for (int k = 0; k < y.Shape.C; k++)
                    sum.Add(dy[n, k, i, j] * y[n, k, i, j]);
                return (dy[n, c, i, j] - sum.Sum) * y[n, c, i, j];
            },
        ];
    }

    private static OperatorCase Gradient(CaseSize size, Shape x) => new(new SoftmaxGradient(), [x, x], size);
}
