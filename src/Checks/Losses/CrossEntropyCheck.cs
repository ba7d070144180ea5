using System.Collections.Immutable;
using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Cross entropy of interpolated logits.</summary>
internal sealed class CrossEntropyCheck : Check<CrossEntropy>
{
    private static readonly CrossEntropy _plain = new();
    private static readonly CrossEntropy _weighted = new(Weighted: true);

    public override IEnumerable<OperatorCase> Cases => Of(Loss);

    protected override Func<double>? Drawn(CrossEntropy loss, Draw draw, int input) => input switch
    {
        1 => LabelMaps.Labels(draw, loss.Ignored),
        2 => ClassWeights(draw),
        _ => null,
    };

    protected override Element[] Reference(CrossEntropy loss, CaseData data) =>
        Results(loss, data.Inputs[0], data.Inputs[1], loss.Weighted ? data.Inputs[2] : null);

    /// <summary>The loss and the sum of the weights; the logarithm of the sum at every pixel.</summary>
    public static Element[] Results(CrossEntropy loss, Samples x, Samples labels, Samples? weights)
    {
        Shape map = labels.Shape;
        Element up = Interpolation.Of(x, (map.H, map.W), loss.Rule);
        Func<int, Estimate> lse = Lazily.Once((int)map.Count, pixel =>
        {
            (int n, _, int i, int j) = map.Position(pixel);
            return Logits.LogSumExp(Logits.At(up, x.Shape.C, n, i, j));
        });
        var results = new Lazy<(Estimate Loss, Estimate Weight)>(() =>
        {
            (Total sum, Total all) = (new Total(), new Total());
            for (int pixel = 0; pixel < map.Count; pixel++)
            {
                (int n, _, int i, int j) = map.Position(pixel);
                if (Weight(loss, weights, labels.Values[pixel], x.Shape.C) is not { } weight)
                    continue;
                sum.Add((lse(pixel) - up(n, (int)labels.Values[pixel], i, j)) * weight);
                all.Add(weight);
            }
            // Whole numbers have no roundings.
            Estimate total = weights is null ? all.Sum.Value : all.Sum;
            double mean = sum.Sum.Value / total.Value;
            double error = (sum.Sum.Error + Math.Abs(mean) * total.Error) / total.Value + Estimate.Unit * Math.Abs(mean);
            return (new Estimate(mean, error), total);
        });
        return
        [
            (_, _, _, j) => j == 0 ? results.Value.Loss : results.Value.Weight,
            (n, _, i, j) => lse((n * map.H + i) * map.W + j),
        ];
    }

    /// <summary>The weight of a pixel with this label; null if it does not count.</summary>
    public static double? Weight(CrossEntropy loss, Samples? weights, double label, int classes) =>
        label == loss.Ignored || label >= classes ? null : weights is null ? 1 : weights[0, (int)label, 0, 0];

    /// <summary>About one class in four does not count.</summary>
    public static Func<double> ClassWeights(Draw draw) => () =>
        draw.Case.Content == Content.Weightless || draw.Below(4) == 0 ? 0 : 1.25f + draw.Within(1f);

    /// <summary>The cases that <paramref name="make"/> makes for logits and the size of a map.</summary>
    public static IEnumerable<OperatorCase> Of(Func<CaseSize, CrossEntropy, Shape, Size2D, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, _plain, new Shape(2, 3, 3, 4), (5, 7)),
        make(CaseSize.Tiny, _weighted, new Shape(2, 3, 3, 4), (5, 7)),
        make(CaseSize.Tiny, _plain, new Shape(2, 4, 4, 5), (4, 5)),
        .. from loss in new[] { _plain, _weighted, new CrossEntropy(Ignored: 0), new CrossEntropy(Ignored: 2, Weighted: true) }
           from sizes in LabelMaps.Sizes
           select make(CaseSize.Small, loss, Shape(2, 5, sizes.Logits), sizes.Map),
        .. from loss in new[] { _plain, _weighted }
           from classes in Classes.Append(256)
           select make(CaseSize.Small, loss, new Shape(1, classes, 3, 5), (17, 23)),
        .. from loss in new[] { _plain, _weighted }
           from content in new[] { Content.Wide, Content.Ignored, Content.Strays }
           from @case in new[]
           {
               make(CaseSize.Tiny, loss, new Shape(1, 4, 3, 4), (5, 8)),
               make(CaseSize.Small, loss, new Shape(2, 19, 5, 9), (17, 33)),
               make(CaseSize.Small, loss, new Shape(2, 19, 7, 9), (7, 9)),
           }
           select @case with { Content = content },
        make(CaseSize.Tiny, _weighted, new Shape(1, 4, 3, 4), (5, 8)) with { Content = Content.Weightless },
        make(CaseSize.Small, _weighted, new Shape(2, 19, 5, 9), (17, 33)) with { Content = Content.Weightless },
        .. from loss in new[] { _plain, _weighted }
           from placed in new[]
           {
               make(CaseSize.Small, loss, new Shape(2, 5, 4, 8), (8, 12)), make(CaseSize.Small, loss, new Shape(2, 5, 3, 5), (7, 13)),
           }
           from @case in Placed(placed)
           select @case,
        make(CaseSize.Tiny, new CrossEntropy(Rule: ResizeRule.HalfPixel), new Shape(2, 3, 3, 4), (5, 7)),
        .. from loss in new[] { new CrossEntropy(Rule: ResizeRule.HalfPixel), new CrossEntropy(Weighted: true, Rule: ResizeRule.HalfPixel) }
           from sizes in LabelMaps.Sizes
           select make(CaseSize.Small, loss, Shape(2, 5, sizes.Logits), sizes.Map),
        make(CaseSize.Large, _plain, new Shape(2, 150, 29, 29), 225),
    ];

    /// <summary>The shapes of the class weights, if there are any.</summary>
    public static Shape[] ClassWeights(CrossEntropy loss, Shape x) => loss.Weighted ? [new(1, x.C, 1, 1)] : [];

    private static OperatorCase Loss(CaseSize size, CrossEntropy loss, Shape x, Size2D map) =>
        new(loss, [x, LabelMaps.Of(x, map), .. ClassWeights(loss, x)], size);
}

/// <summary>Its gradient by the logits, which takes its results as they come.</summary>
internal sealed class CrossEntropyGradientCheck : Check<CrossEntropyGradient>
{
    public override IEnumerable<OperatorCase> Cases => CrossEntropyCheck.Of(Gradient);

    protected override Func<double>? Drawn(CrossEntropyGradient gradient, Draw draw, int input) => input switch
    {
        1 => LabelMaps.Labels(draw, gradient.Forward.Ignored),
        4 => CrossEntropyCheck.ClassWeights(draw),
        _ => null,
    };

    protected override ImmutableArray<Samples> Completed(CrossEntropyGradient gradient, ImmutableArray<Samples> inputs)
    {
        Element[] results = CrossEntropyCheck.Results(gradient.Forward, inputs[0], inputs[1], gradient.Forward.Weighted ? inputs[4] : null);
        return inputs.SetItem(2, Samples.Rounded(results[0], inputs[2].Shape)).SetItem(3, Samples.Rounded(results[1], inputs[3].Shape));
    }

    protected override Element[] Reference(CrossEntropyGradient gradient, CaseData data)
    {
        (Samples x, Samples labels, Samples lse) = (data.Inputs[0], data.Inputs[1], data.Inputs[3]);
        Samples? weights = gradient.Forward.Weighted ? data.Inputs[4] : null;
        double total = data.Inputs[2].Values[1];
        var map = new Size2D(labels.Shape.H, labels.Shape.W);
        Element up = Interpolation.Of(x, map, gradient.Forward.Rule);
        Element sum = Interpolation.Transposed((x.Shape.H, x.Shape.W), map, gradient.Forward.Rule, (n, c, i, j) =>
        {
            if (CrossEntropyCheck.Weight(gradient.Forward, weights, labels[n, 0, i, j], x.Shape.C) is not { } weight)
                return 0;
            Estimate probability = (up(n, c, i, j) - lse[n, 0, i, j]).Exp();
            return (labels[n, 0, i, j] == c ? probability - 1 : probability) * weight;
        });
        return [(n, c, i, j) => total == 0 ? 0 : sum(n, c, i, j) * (gradient.Factor / total)];
    }

    /// <summary>As an auxiliary head takes it.</summary>
    private static OperatorCase Gradient(CaseSize size, CrossEntropy loss, Shape x, Size2D map)
    {
        Shape labels = LabelMaps.Of(x, map);
        Shape[] inputs = [x, labels, new(1, 1, 1, 2), labels, .. CrossEntropyCheck.ClassWeights(loss, x)];
        return new(new CrossEntropyGradient(loss, Factor: 0.4f), [.. inputs], size);
    }
}
