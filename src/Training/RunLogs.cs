using SpGpu.Data.Metrics;
using SpGpu.Layers;
using SpGpu.Training.Logs;

namespace SpGpu.Training;

/// <summary>
/// What a run writes down: a table of steps, a table of epochs, the same for TensorBoard, and pictures of the curves.
/// When a run goes on, what was written beyond its checkpoint is taken out first.
/// </summary>
internal sealed class RunLogs : IDisposable
{
    private const string Steps = "log.csv", Epochs = "metrics.csv", PerEpoch = "epoch/";

    private static readonly string[] _scores = ["miou", "miou_present", "macc", "pixel_accuracy"];

    private readonly RunFolder _folder;
    private readonly string[] _losses;
    private readonly CsvLog _steps;
    private readonly CsvLog _epochs;
    private readonly EventFile _events;
    private readonly string[] _epochColumns;

    /// <exception cref="OutputException">A file cannot be written.</exception>
    public RunLogs(RunFolder folder, IReadOnlyList<LossTerm> losses, RunPosition position)
    {
        _folder = folder;
        _losses = ["loss", .. losses.Select(loss => $"{loss.Output}_loss")];
        _epochColumns = ["step", .. _losses.Select(loss => $"train_{loss}"), .. _scores.Select(score => $"train_{score}"), "ignored_batches",
            "val_loss", .. _scores.Select(score => $"val_{score}"), "seconds"];
        _steps = new CsvLog(folder.File(Steps), $"step,epoch,learning_rate,{string.Join(',', _losses)}", below: position.Step + 1);
        _epochs = new CsvLog(folder.File(Epochs), $"epoch,{string.Join(',', _epochColumns)}", below: position.Epoch + 1);
        // The numbers of an epoch stand at its last step; where the validation is to come, they are not there yet.
        _events = new EventFile(folder.File("events.out.tfevents.0.spgpu"), (step, tag) => step < position.Step
            || (step == position.Step && (position.Batch == 0 || !tag.StartsWith(PerEpoch, StringComparison.Ordinal))));
    }

    /// <summary>A step is done.</summary>
    /// <param name="step">Its number, from 1.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="rate">The learning rate of the backbone.</param>
    /// <param name="losses">The loss and its terms; NaN where no pixel counted.</param>
    public void Step(long step, int epoch, double rate, ReadOnlySpan<double> losses)
    {
        _steps.Append(step, [epoch, rate, .. losses]);
        for (int i = 0; i < losses.Length; i++)
            _events.Add($"train/{_losses[i]}", step, losses[i]);
        _events.Add("train/learning_rate", step, rate);
    }

    /// <summary>An epoch is done.</summary>
    public void Epoch(int epoch, long step, ReadOnlySpan<double> losses, EpochTotals totals, Validation? validation, double seconds)
    {
        double[] numbers = [step, .. losses, .. Numbers(totals.Pixels.Score()), totals.IgnoredBatches,
            validation?.Loss ?? double.NaN, .. Numbers(validation?.Scores), seconds];
        _epochs.Append(epoch, numbers);
        for (int i = 1; i < numbers.Length; i++)
            _events.Add(PerEpoch + _epochColumns[i], step, numbers[i]);
        Curves.Draw(_folder.File(Steps), _folder.File("loss.png"), "Training loss", _losses);
        Curves.Draw(_folder.File(Epochs), _folder.File("metrics.png"), "Mean IoU over the classes present, and share of pixels that are right",
            "train_miou_present", "val_miou_present", "train_pixel_accuracy", "val_pixel_accuracy");
    }

    public void Dispose()
    {
        _steps.Dispose();
        _epochs.Dispose();
        _events.Dispose();
    }

    private static double[] Numbers(SegmentationScores? scores) => scores is null
        ? [double.NaN, double.NaN, double.NaN, double.NaN]
        : [scores.MeanIoU, scores.MeanIoUOfPresent, scores.MeanAccuracy, scores.PixelAccuracy];
}
