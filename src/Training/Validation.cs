using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Data.Metrics;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Training;

/// <summary>What the network makes of the validation samples.</summary>
/// <param name="Loss">The mean cross entropy over all pixels that count; NaN where none does.</param>
/// <param name="Scores">How good the predictions are.</param>
/// <param name="Pictures">The first samples.</param>
internal sealed record Validation(double Loss, SegmentationScores Scores, IReadOnlyList<SamplePicture> Pictures)
{
    /// <summary>Looks at every sample with running statistics and without dropout.</summary>
    /// <exception cref="OperationCanceledException">Someone asked to stop.</exception>
    public static Validation Run(
        SpNetArchitecture architecture, StateDict state, Device device, BatchLoader loader, Action<string> print, CancellationToken stop)
    {
        using var net = new SpNet(architecture with { Auxiliary = false }, state, device);
        var pixels = new ConfusionMatrix(architecture.Classes);
        var pictures = new List<SamplePicture>();
        double loss = 0;
        long count = 0;
        var lines = new SlowLines(print, TimeProvider.System);
        foreach (Batch batch in loader.Read(epoch: 0, cancellation: stop))
        {
            HostTensor logits = net.Forward(new HostTensor(batch.Images, batch.Count, 3, batch.Height, batch.Width));
            (byte[] classes, double sum, long counted) = LogitScores.Of(logits, batch.Labels, LabelMap.Ignore);
            pixels.Add(batch.Labels, classes);
            loss += sum;
            count += counted;
            pictures.AddRange(SamplePicture.Of(batch, classes, SamplePicture.Most - pictures.Count));
            lines.Offer($"validation: {batch.Index + 1} of {loader.BatchesPerEpoch} batches");
        }
        return new Validation(loss / count, pixels.Score(), pictures);
    }
}
