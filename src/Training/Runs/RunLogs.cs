using SpGpu.Data.Metrics;
using SpGpu.Layers;
using SpGpu.Training.Logs;

namespace SpGpu.Training.Runs;

/// <summary>
/// What a run writes down: a table of steps, a table of epochs, and the same for TensorBoard. When a run goes on, what was
/// written beyond its checkpoint is taken out first.
/// </summary>
internal sealed class RunLogs : IDisposable
{
    private const string PerEpoch = "epoch/", Steps = "log.csv", Epochs = "metrics.csv", Events = "events.out.tfevents.0.spgpu";

    private static readonly string[] _scores = ["miou", "miou_present", "macc", "pixel_accuracy"];

    private readonly string[] _losses;
    private readonly CsvLog _steps;
    private readonly CsvLog _epochs;
    private readonly EventFile _events;
    private readonly string[] _epochColumns;

    /// <param name="folder">The folder of the run.</param>
    /// <param name="losses">The losses, a column each.</param>
    /// <param name="from">Where a run goes on; null where it begins.</param>
    /// <param name="print">Takes a line for a log that does not fit and gets another name.</param>
    /// <exception cref="OutputException">A file cannot be written.</exception>
    public RunLogs(RunFolder folder, IReadOnlyList<LossTerm> losses, RunPosition? from, Action<string> print)
    {
        _losses = ["loss", .. losses.Select(loss => $"{loss.Output}_loss")];
        _epochColumns =
            ["step", .. _losses.Select(loss => $"train_{loss}"), .. _scores.Select(score => $"train_{score}"), "ignored_batches",
                "val_loss", .. _scores.Select(score => $"val_{score}"), "seconds"];
        string steps = folder.File(Steps), stepHeading = $"step,epoch,learning_rate,{string.Join(',', _losses)}";
        string epochs = folder.File(Epochs), epochHeading = $"epoch,{string.Join(',', _epochColumns)}";
        string events = folder.File(Events);
        // All are looked at before one is changed.
        LogContent ofSteps = CsvLog.Find(steps, stepHeading, from?.Step + 1);
        LogContent ofEpochs = CsvLog.Find(epochs, epochHeading, from?.Epoch + 1);
        LogContent ofEvents = EventFile.Find(events, from is null ? null : (step, tag) => Stays(from, step, tag));
        _steps = new CsvLog(steps, stepHeading, ofSteps, print);
        _epochs = new CsvLog(epochs, epochHeading, ofEpochs, print);
        _events = new EventFile(events, ofEvents, print);
    }

    /// <summary>The names of all logs.</summary>
    public static IReadOnlyList<string> Names { get; } = [Steps, Epochs, Events];

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
    }

    /// <summary>Draws the losses of all steps as a PNG.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public void DrawLoss(string path) => Curves.Draw(_steps, path, "Training loss", _losses);

    /// <summary>Draws the scores of all epochs as a PNG.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public void DrawMetrics(
        string path) => Curves.Draw(_epochs, path, "Mean IoU over the classes present, and share of pixels that are right",
        "train_miou_present", "val_miou_present", "train_pixel_accuracy", "val_pixel_accuracy");

    public void Dispose()
    {
        _steps.Dispose();
        _epochs.Dispose();
        _events.Dispose();
    }

    /// <summary>The numbers of an epoch stand at its last step; where the validation is to come, they are not there yet.</summary>
    private static bool Stays(RunPosition from, long step, string tag) => step < from.Step
        || (step == from.Step && (from.Batch == 0 || !tag.StartsWith(PerEpoch, StringComparison.Ordinal)));

    private static double[] Numbers(SegmentationScores? scores) => scores is null
        ? [double.NaN, double.NaN, double.NaN, double.NaN]
        : [scores.MeanIoU, scores.MeanIoUOfPresent, scores.MeanAccuracy, scores.PixelAccuracy];
}
