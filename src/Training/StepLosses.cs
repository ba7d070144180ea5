using SpGpu.Layers;

namespace SpGpu.Training;

/// <summary>The losses of the batches of one step.</summary>
internal sealed class StepLosses(IReadOnlyList<LossTerm> terms)
{
    private readonly double[] _sums = new double[terms.Count];
    private readonly int[] _counts = new int[terms.Count];

    /// <summary>Adds the value of a term for a batch.</summary>
    public void Add(int term, double value)
    {
        _sums[term] += value;
        _counts[term]++;
    }

    /// <summary>The loss and its terms, each the mean over the batches where it has a value; begins the next step.</summary>
    public double[] Take()
    {
        double[] losses = Together([.. _sums.Zip(_counts, (sum, count) => sum / count)]);
        Array.Clear(_sums);
        Array.Clear(_counts);
        return losses;
    }

    /// <summary>The loss in front of its terms; NaN where the first one, the network's own, has no value.</summary>
    public double[] Together(ReadOnlySpan<double> values)
    {
        double loss = 0;
        for (int i = 0; i < values.Length; i++)
            loss += i > 0 && double.IsNaN(values[i]) ? 0 : terms[i].Factor * values[i];
        return [loss, .. values];
    }
}
