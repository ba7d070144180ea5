namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element Probability(Samples x) => (n, c, i, j) =>
        Estimate.Softmax(Logits((m, k, u, v) => x[m, k, u, v], x.Shape.C, n, i, j), c);

    private static Element Accumulated(AccumulateProbabilities accumulate, Samples x, Samples before, Size2D origin)
    {
        Element up = Interpolate(x, accumulate.Window);
        return (n, c, i, j) =>
        {
            int column = accumulate.Mirrored ? accumulate.Window.Width - 1 - j : j;
            return Estimate.Softmax(Logits(up, x.Shape.C, n, i, column), c) + before[n, c, i + origin.Height, j + origin.Width];
        };
    }

    private static Element Label(Samples x, Size2D output)
    {
        Element up = Interpolate(x, output);
        return (n, _, i, j) => FirstLargest(Logits(up, x.Shape.C, n, i, j));
    }

    /// <summary>
    /// Compares a label. Its error is by how much its logit falls short of the largest one; two that are closer than
    /// their errors may change places, but a label after another of exactly its value is never right.
    /// </summary>
    internal static Finding JudgeLabel(ArgMaxUpsampled argMax, Samples x, int label, int n, int i, int j)
    {
        Estimate[] logits = Logits(Interpolate(x, argMax.Output), x.Shape.C, n, i, j);
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

    private static Estimate[] Logits(Element x, int classes, int n, int i, int j)
    {
        var logits = new Estimate[classes];
        for (int k = 0; k < classes; k++)
            logits[k] = x(n, k, i, j);
        return logits;
    }
}
