using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The class of each pixel. Labels are compared by a rule of their own, as the choice of one jumps.</summary>
internal sealed class ArgMaxUpsampledCheck : Check<ArgMaxUpsampled>
{
    private static readonly int[] _classes = [2, 19];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new ArgMaxUpsampled((5, 7)), new Shape(2, 3, 3, 4)),
        .. Planes.Select(plane => Small(new ArgMaxUpsampled(plane), new Shape(2, 5, 9, 8))),
        .. Planes.Select(plane => Small(new ArgMaxUpsampled((24, 20)), Shape(1, 5, plane))),
        .. Classes.Append(256).Select(classes => Small(new ArgMaxUpsampled((17, 23)), new Shape(1, classes, 3, 4))),
        .. from content in new[] { Content.Ties, Content.NaN }
           from @case in new[]
           {
               Tiny(new ArgMaxUpsampled((5, 8)), new Shape(1, 4, 3, 4)),
               Small(new ArgMaxUpsampled((33, 65)), new Shape(2, 19, 9, 13)),
               Small(new ArgMaxUpsampled((9, 13)), new Shape(2, 5, 9, 13)),
           }
           select @case with { Content = content },
        .. Placed(Small(new ArgMaxUpsampled((8, 12)), new Shape(2, 5, 4, 8))),
        .. Placed(Small(new ArgMaxUpsampled((7, 13)), new Shape(2, 5, 3, 5))),
        .. from output in new Size2D[] { (5, 7), (17, 33), (24, 20), (3, 65) }
           from classes in _classes
           select new OperatorCase(new ArgMaxUpsampled(output, ResizeRule.HalfPixel), [new Shape(2, classes, 5, 9)],
               output.Height == 5 && classes == 2 ? CaseSize.Tiny : CaseSize.Small),
        Large(new ArgMaxUpsampled(480), new Shape(1, 150, 60, 60)),
    ];

    protected override Element[] Reference(ArgMaxUpsampled argMax, CaseData data)
    {
        Samples x = data.Inputs[0];
        Element up = Interpolation.Of(x, argMax.Output, argMax.Rule);
        return [(n, _, i, j) => FirstLargest(Logits.At(up, x.Shape.C, n, i, j))];
    }

    protected override Judge[] Judges(ArgMaxUpsampled argMax, CaseData data)
    {
        Samples x = data.Inputs[0];
        Element up = Interpolation.Of(x, argMax.Output, argMax.Rule);
        return [(n, _, i, j, actual) => JudgeLabel(Logits.At(up, x.Shape.C, n, i, j), (int)actual)];
    }

    /// <summary>
    /// Compares a label. Its error is by how much its logit falls short of the largest one; two that are closer than
    /// their errors may change places, but a label after another of exactly its value is never right.
    /// </summary>
    private static Finding JudgeLabel(Estimate[] logits, int label)
    {
        int best = FirstLargest(logits);
        if (label == best)
            return new Finding(best, label, 0, 0);
        bool possible = label < logits.Length && !double.IsNaN(logits[label].Value) && !double.IsNaN(logits[best].Value)
            && Array.FindIndex(logits, logit => logit.Value == logits[label].Value) == label;
        return possible
            ? new Finding(best, label, logits[best].Value - logits[label].Value, logits[best].Error + logits[label].Error)
            : new Finding(best, label, double.PositiveInfinity, 0);
    }

    private static int FirstLargest(Estimate[] logits)
    {
        int best = 0;
        for (int k = 1; k < logits.Length; k++)
        {
            if (logits[k].Value > logits[best].Value || (double.IsNaN(logits[best].Value) && !double.IsNaN(logits[k].Value)))
                best = k;
        }
        return best;
    }
}
