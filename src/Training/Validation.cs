using SpGpu.Data.Datasets;
using SpGpu.Data.Metrics;
using SpGpu.Layers;

namespace SpGpu.Training;

/// <summary>What the network makes of the validation samples.</summary>
/// <param name="Loss">The mean cross entropy over all pixels that count, each counting as one; NaN where none does.</param>
/// <param name="Scores">How good the predictions are.</param>
/// <param name="Pictures">The first samples.</param>
internal sealed record Validation(double Loss, SegmentationScores Scores, IReadOnlyList<SamplePicture> Pictures)
{
    /// <summary>Looks at every sample with running statistics and without dropout.</summary>
    /// <param name="trainer">The network.</param>
    /// <param name="classes">How many classes it tells apart.</param>
    /// <param name="loader">The samples, or this process's part of them; null where there is none for it.</param>
    /// <param name="group">The processes that share the samples out; the result is that of all.</param>
    /// <param name="print">Takes lines about how far it is.</param>
    /// <param name="stop">Asks to stop.</param>
    /// <exception cref="OperationCanceledException">Someone asked to stop.</exception>
    public static Validation Run(
        ITrainer trainer, int classes, BatchLoader? loader, IProcessGroup? group, Action<string> print, CancellationToken stop)
    {
        var pixels = new ConfusionMatrix(classes);
        var pictures = new List<SamplePicture>();
        double sum = 0, weight = 0;
        var lines = new SlowLines(print, TimeProvider.System);
        foreach (Batch batch in loader?.Read(epoch: 0, cancellation: stop) ?? [])
        {
            var found = new byte[batch.Labels.Length];
            LossValue loss = trainer.Evaluate(batch, found);
            if (loss.Weight != 0)
            {
                sum += loss.Value * loss.Weight;
                weight += loss.Weight;
            }
            pixels.Add(batch.Labels, found);
            pictures.AddRange(SamplePicture.Of(batch, found, SamplePicture.Most - pictures.Count));
            lines.Offer($"validation: {batch.Index + 1} of {loader!.BatchesPerEpoch} batches");
        }
        double[] sums = group?.SumOf<double>([sum, weight]) ?? [sum, weight];
        return new Validation(sums[0] / sums[1], (group is null ? pixels : pixels.SumOver(group)).Score(), pictures);
    }
}
