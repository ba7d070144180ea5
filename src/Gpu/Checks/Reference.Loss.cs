using System.Collections.Immutable;

namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    /// <summary>
    /// The inputs with those that are results of the cross entropy replaced by what it gives for the others, as float32:
    /// its gradient and the mining of hard examples take them as they come.
    /// </summary>
    internal static ImmutableArray<Samples> WithResults(Specification specification, ImmutableArray<Samples> inputs)
    {
        switch (specification)
        {
            case CrossEntropyGradient gradient:
                Element[] both = Loss(gradient.Forward, inputs[0], inputs[1], gradient.Forward.Weighted ? inputs[4] : null);
                return inputs.SetItem(2, Rounded(both[0], inputs[2].Shape)).SetItem(3, Rounded(both[1], inputs[3].Shape));
            case HardExamples hard:
                return inputs.SetItem(2, Rounded(Loss(new CrossEntropy(hard.Ignored), inputs[0], inputs[1], null)[1], inputs[2].Shape));
            default:
                return inputs;
        }
    }

    private static Element[] Loss(CrossEntropy loss, Samples x, Samples labels, Samples? weights)
    {
        Shape map = labels.Shape;
        Element up = Interpolate(x, (map.H, map.W));
        Func<int, Estimate> lse = Once((int)map.Count, pixel =>
        {
            (int n, _, int i, int j) = map.Position(pixel);
            return Estimate.LogSumExp(Logits(up, x.Shape.C, n, i, j));
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
            return (new Estimate(mean, (sum.Sum.Error + Math.Abs(mean) * total.Error) / total.Value + Estimate.Unit * Math.Abs(mean)), total);
        });
        return
        [
            (_, _, _, j) => j == 0 ? results.Value.Loss : results.Value.Weight,
            (n, _, i, j) => lse((n * map.H + i) * map.W + j),
        ];
    }

    private static Element LossGradient(CrossEntropyGradient gradient, ImmutableArray<Samples> inputs)
    {
        (Samples x, Samples labels, Samples lse) = (inputs[0], inputs[1], inputs[3]);
        Samples? weights = gradient.Forward.Weighted ? inputs[4] : null;
        double total = inputs[2].Values[1];
        Element up = Interpolate(x, (labels.Shape.H, labels.Shape.W));
        List<(int Output, Estimate Weight)>[] rows = ReadersOf(x.Shape.H, labels.Shape.H);
        List<(int Output, Estimate Weight)>[] columns = ReadersOf(x.Shape.W, labels.Shape.W);
        return (n, c, y, z) => total == 0 ? 0 : Gather(rows[y], columns[z], (i, j) =>
        {
            if (Weight(gradient.Forward, weights, labels[n, 0, i, j], x.Shape.C) is not { } weight)
                return 0;
            Estimate probability = (up(n, c, i, j) - lse[n, 0, i, j]).Exp();
            return (labels[n, 0, i, j] == c ? probability - 1 : probability) * weight;
        }) * (gradient.Factor / total);
    }

    private static Element HardLabel(HardExamples hard, ImmutableArray<Samples> inputs)
    {
        HardSelection selection = Select(hard, inputs);
        Shape map = inputs[1].Shape;
        return (n, _, i, j) => selection.Label((n * map.H + i) * map.W + j);
    }

    private static HardSelection Select(HardExamples hard, ImmutableArray<Samples> inputs)
    {
        Element up = Interpolate(inputs[0], (inputs[1].Shape.H, inputs[1].Shape.W));
        return new HardSelection(hard, inputs[1], (n, c, i, j) => (up(n, c, i, j) - inputs[2][n, 0, i, j]).Exp());
    }

    /// <summary>The weight of a pixel with this label; null if it does not count.</summary>
    private static double? Weight(CrossEntropy loss, Samples? weights, double label, int classes) =>
        label == loss.Ignored || label >= classes ? null : weights is null ? 1 : weights[0, (int)label, 0, 0];

    private static Samples Rounded(Element element, Shape shape)
    {
        double[] values = new double[shape.Count];
        for (int index = 0; index < values.Length; index++)
        {
            (int n, int c, int i, int j) = shape.Position(index);
            values[index] = (float)element(n, c, i, j).Value;
        }
        return new Samples(values, shape);
    }
}
