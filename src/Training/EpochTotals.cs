using SpGpu.Data.Metrics;

namespace SpGpu.Training;

/// <summary>What an epoch came to so far: its mean losses and how good the predictions were.</summary>
/// <param name="pixels">The pixels of the epoch by label and prediction.</param>
/// <param name="lossSums">The sum of each loss over the pictures that count.</param>
/// <param name="lossCounts">The pictures that count for each loss.</param>
/// <param name="ignoredBatches">Batches without a single pixel that counts.</param>
internal sealed class EpochTotals(ConfusionMatrix pixels, double[] lossSums, long[] lossCounts, int ignoredBatches)
{
    /// <summary>An epoch before its first step.</summary>
    public EpochTotals(int classes, int terms) : this(new ConfusionMatrix(classes), new double[terms], new long[terms], 0)
    {
    }

    /// <summary>The pixels of the epoch by label and prediction.</summary>
    public ConfusionMatrix Pixels => pixels;

    /// <summary>The sum of each loss over the pictures that count.</summary>
    public IReadOnlyList<double> LossSums => lossSums;

    /// <summary>The pictures that count for each loss.</summary>
    public IReadOnlyList<long> LossCounts => lossCounts;

    /// <summary>Batches without a single pixel that counts.</summary>
    public int IgnoredBatches { get; private set; } = ignoredBatches;

    /// <summary>The same with other pixels.</summary>
    public EpochTotals With(ConfusionMatrix others) => new(others, lossSums, lossCounts, IgnoredBatches);

    /// <summary>Counts a batch that left a loss without a value.</summary>
    public void AddIgnored() => IgnoredBatches++;

    /// <summary>Adds the loss of a batch.</summary>
    public void Add(int term, double loss, int pictures)
    {
        lossSums[term] += pictures * loss;
        lossCounts[term] += pictures;
    }

    /// <summary>The mean of a loss; NaN where nothing counted.</summary>
    public double MeanLoss(int term) => lossSums[term] / lossCounts[term];
}
