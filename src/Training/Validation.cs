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
    /// <exception cref="OperationCanceledException">Someone asked to stop.</exception>
    public static Validation Run(ITrainer trainer, int classes, BatchLoader loader, Action<string> print, CancellationToken stop)
    {
        var pixels = new ConfusionMatrix(classes);
        var pictures = new List<SamplePicture>();
        double sum = 0, weight = 0;
        var lines = new SlowLines(print, TimeProvider.System);
        foreach (Batch batch in loader.Read(epoch: 0, cancellation: stop))
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
            lines.Offer($"validation: {batch.Index + 1} of {loader.BatchesPerEpoch} batches");
        }
        return new Validation(sum / weight, pixels.Score(), pictures);
    }
}
