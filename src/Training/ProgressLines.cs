using System.Globalization;
using SpGpu.Data;
using SpGpu.Data.Metrics;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>Lines of at most 80 columns about how a run goes.</summary>
internal sealed class ProgressLines
{
    /// <summary>Who waits longer for a step is told what to do about it.</summary>
    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(10);

    private const int Columns = 80;

    private readonly TrainingConfiguration _configuration;
    private readonly TimeProvider _clock;
    private readonly SlowLines _lines;
    private readonly int _stepsPerEpoch;
    private readonly long _steps;
    private readonly long _start;
    private long _stepsDone;
    private long _lastTime;
    private long _pictures;

    /// <param name="print">Where they go.</param>
    /// <param name="configuration">What is run.</param>
    /// <param name="stepsPerEpoch">The steps of each of its epochs.</param>
    /// <param name="clock">Tells the time.</param>
    public ProgressLines(Action<string> print, TrainingConfiguration configuration, int stepsPerEpoch, TimeProvider clock)
    {
        _configuration = configuration;
        _clock = clock;
        _lines = new SlowLines(print, clock);
        _stepsPerEpoch = stepsPerEpoch;
        _steps = (long)stepsPerEpoch * configuration.Epochs;
        _start = _lastTime = clock.GetTimestamp();
    }

    /// <summary>Says, at times, how far a step is.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="epoch">Its epoch, from 1.</param>
    /// <param name="batches">How many of its batches are done.</param>
    public void Batch(long step, int epoch, int batches)
    {
        if (batches < _configuration.Accumulation)
            _lines.Offer($"epoch {epoch}/{_configuration.Epochs} step {step}/{_steps}: {batches} of {_configuration.Accumulation} batches");
    }

    /// <summary>Counts a step, and says, at times, where the run is.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="epoch">Its epoch, from 1.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="pictures">How many pictures it was made of.</param>
    public void Step(long step, int epoch, double loss, double rate, int pictures)
    {
        _pictures += pictures;
        bool isDue = step % _configuration.PrintFrequency == 0 || step == _steps || _lines.IsDue;
        if (++_stepsDone == 1)
            FirstStep(_clock.GetElapsedTime(_start));
        if (!isDue)
            return;
        double seconds = _clock.GetElapsedTime(_lastTime).TotalSeconds;
        TimeSpan left = _clock.GetElapsedTime(_start) / _stepsDone * (_steps - step);
        _lines.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch}/{_configuration.Epochs} step {step}/{_steps} loss {loss:0.0000} lr {rate:0.######} " +
            $"{_pictures / seconds:0.0} images/s {Time(left)} left"));
        _lastTime = _clock.GetTimestamp();
        _pictures = 0;
    }

    /// <summary>Says what an epoch came to.</summary>
    public void Epoch(int epoch, double loss, EpochTotals totals, Validation? validation, bool isBest)
    {
        Labels(totals.Pixels.Score().ClassPixels);
        string ignored = totals.IgnoredBatches > 0 ? FormattableString.Invariant($", {totals.IgnoredBatches} batches all ignored") : "";
        _lines.Print(
            FormattableString.Invariant(
                $"epoch {epoch}: loss {loss:0.0000}, training mIoU {totals.Pixels.Score().MeanIoUOfPresent:0.000}{ignored}"));
        if (validation is not null)
        {
            _lines.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch}: validation loss {validation.Loss:0.0000}, mIoU {validation.Scores.MeanIoUOfPresent:0.000}, " +
                $"pixels {validation.Scores.PixelAccuracy:0.000}{(isBest ? ", the best so far" : "")}"));
        }
        if (_configuration.ClassScores)
            PerClass(validation?.Scores ?? totals.Pixels.Score());
        // The time of the validation is not that of the pictures before it.
        _lastTime = _clock.GetTimestamp();
        _pictures = 0;
    }

    /// <summary>The IoU of each class that occurs, in as few lines as hold them.</summary>
    private void PerClass(SegmentationScores scores)
    {
        ClassNames names = _configuration.Names ?? ClassNames.Usual(_configuration.Classes);
        string line = "";
        for (int c = 0; c < names.Count; c++)
        {
            if (!scores.IsPresent(c))
                continue;
            string entry = FormattableString.Invariant($"  {names[c]} {scores.ClassIoU[c]:0.000}");
            if (line.Length > 0 && line.Length + entry.Length > Columns)
            {
                _lines.Print(line);
                line = "";
            }
            line += entry;
        }
        if (line.Length > 0)
            _lines.Print(line);
    }

    /// <summary>Warns where the labels of an epoch leave little to learn, though the scores may look splendid.</summary>
    private void Labels(IReadOnlyList<long> classPixels)
    {
        long all = (long)_stepsPerEpoch * _configuration.Accumulation * _configuration.BatchSize * _configuration.TrainWidth
            * _configuration.TrainHeight;
        double ignored = 1 - (double)classPixels.Sum() / all;
        switch (classPixels.Count(pixels => pixels > 0))
        {
            case 0:
                _lines.Print("warning: no pixel counts, all labels are ignored: nothing was learned");
                break;
            case 1:
                _lines.Print(
                    $"warning: all labels are {classPixels.TakeWhile(pixels => pixels == 0).Count()} (or one that does " +
                    "not count): nothing was learned");
                break;
            case > 1 when ignored > 0.5:
                _lines.Print(
                    FormattableString.Invariant(
                        $"note: {100 * ignored:0} % of the pixels do not count (ignored, or beside small pictures)"));
                break;
        }
    }

    /// <summary>Says what the first step lets expect.</summary>
    private void FirstStep(TimeSpan took)
    {
        string seconds = took < TimeSpan.FromMinutes(2) ? FormattableString.Invariant($"{took.TotalSeconds:0.0} s") : Time(took);
        _lines.Print($"the first step took {seconds}; an epoch of {_stepsPerEpoch} steps takes about {Time(took * _stepsPerEpoch)}");
        if (took < _slow)
            return;
        _lines.Print("an epoch is shorter with smaller train_h, train_w, stem, planes and blocks,");
        _lines.Print("a step with a smaller batch_size or accumulation; 'spgpu train --keys' has more");
    }

    private static string Time(TimeSpan span) =>
        span.TotalDays >= 1 ? FormattableString.Invariant($"{span.TotalDays:0.0} days") : $"{span:h\\:mm\\:ss}";
}
