using System.Diagnostics;

namespace SpGpu.Training;

/// <summary>Lines of at most 80 columns about how a run goes.</summary>
/// <param name="print">Where they go.</param>
/// <param name="steps">The steps of the whole run.</param>
/// <param name="epochs">Its epochs.</param>
internal sealed class ProgressLines(Action<string> print, long steps, int epochs)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _stepsDone;
    private long _lastTime = Stopwatch.GetTimestamp();
    private long _pictures;

    /// <summary>Counts a step of some pictures.</summary>
    public void Count(int pictures)
    {
        _stepsDone++;
        _pictures += pictures;
    }

    /// <summary>Says where the run is.</summary>
    public void Step(long step, int epoch, double loss, double rate)
    {
        double seconds = Stopwatch.GetElapsedTime(_lastTime).TotalSeconds;
        TimeSpan left = Stopwatch.GetElapsedTime(_start) / _stepsDone * (steps - step);
        string time = left.TotalDays >= 1 ? FormattableString.Invariant($"{left.TotalDays:0.0} days") : $"{left:h\\:mm\\:ss}";
        print(FormattableString.Invariant(
            $"epoch {epoch}/{epochs} step {step}/{steps} loss {loss:0.0000} lr {rate:0.######} {_pictures / seconds:0.0} images/s {time} left"));
        _lastTime = Stopwatch.GetTimestamp();
        _pictures = 0;
    }

    /// <summary>Says what an epoch came to.</summary>
    public void Epoch(int epoch, double loss, EpochTotals totals, Validation? validation, bool isBest)
    {
        string ignored = totals.IgnoredBatches > 0 ? FormattableString.Invariant($", {totals.IgnoredBatches} batches all ignored") : "";
        print(FormattableString.Invariant($"epoch {epoch}: loss {loss:0.0000}, training mIoU {totals.Pixels.Score().MeanIoUOfPresent:0.000}{ignored}"));
        if (validation is not null)
        {
            print(FormattableString.Invariant(
                $"epoch {epoch}: validation loss {validation.Loss:0.0000}, mIoU {validation.Scores.MeanIoUOfPresent:0.000}, pixels {validation.Scores.PixelAccuracy:0.000}{(isBest ? ", the best so far" : "")}"));
        }
        _lastTime = Stopwatch.GetTimestamp();
    }
}
