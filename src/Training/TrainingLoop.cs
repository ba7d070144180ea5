using System.Diagnostics;
using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Layers;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>
/// The steps of a run, one after another, with what is to be done after each and after each epoch. It can be stopped
/// and taken up between any two steps, and does then what it would have done.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly TrainingConfiguration _configuration;
    private readonly TrainingData _data;
    private readonly ITrainer _trainer;
    private readonly Func<StateDict, CancellationToken, Validation?> _validate;
    private readonly RunFolder _folder;
    private readonly RunLogs _logs;
    private readonly Palette _palette;
    private readonly ProgressLines _progress;
    private readonly IReadOnlyList<LossTerm> _terms;
    private readonly PolySchedule _schedule;
    private readonly StepLosses _losses;
    private readonly int _batches;
    private RunPosition _position;
    private EpochTotals _totals;
    private IReadOnlyList<SamplePicture> _samples = [];

    /// <exception cref="ConfigurationException">An epoch would have no step.</exception>
    public TrainingLoop(
        TrainingConfiguration configuration, TrainingData data, ITrainer trainer, Func<StateDict, CancellationToken, Validation?> validate,
        RunFolder folder, RunLogs logs, Palette palette, Action<string> print, Checkpoint? from)
    {
        (_configuration, _data, _trainer, _validate, _folder, _logs, _palette) = (configuration, data, trainer, validate, folder, logs, palette);
        _terms = Recipe.Losses(configuration);
        _losses = new StepLosses(_terms);
        int steps = StepsPerEpoch(configuration, data);
        _batches = steps * configuration.Accumulation;
        _schedule = new PolySchedule(configuration.BaseRate, (long)steps * configuration.Epochs, configuration.Power);
        _progress = new ProgressLines(print, configuration, steps, TimeProvider.System);
        _position = from?.Position ?? RunPosition.Start;
        _totals = from?.Totals ?? NewTotals();
    }

    /// <summary>The steps of an epoch; batches that make no whole step are left out, as pictures that make no batch are.</summary>
    /// <exception cref="ConfigurationException">There are none.</exception>
    public static int StepsPerEpoch(TrainingConfiguration configuration, TrainingData data)
    {
        int steps = data.Train.BatchesPerEpoch / configuration.Accumulation;
        return steps > 0
            ? steps
            : throw new ConfigurationException($"accumulation {configuration.Accumulation}: an epoch has {data.Train.BatchesPerEpoch} batches, which make no step; choose a smaller accumulation or batch_size");
    }

    /// <summary>Runs to the end, or until someone asks to stop.</summary>
    /// <exception cref="TrainingException">The loss is no number any more; the last checkpoint is from before that.</exception>
    /// <exception cref="OutputException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Someone asked to stop; the last checkpoint has everything done so far.</exception>
    public void Run(CancellationToken stop)
    {
        while (_position.Epoch < _configuration.Epochs)
        {
            long start = Stopwatch.GetTimestamp();
            TrainEpoch(stop);
            FinishEpoch(Stopwatch.GetElapsedTime(start).TotalSeconds, stop);
        }
    }

    private void TrainEpoch(CancellationToken stop)
    {
        if (_position.Batch == _batches)
            return;
        // The token is not for the loader: a step that was begun has changed running statistics already.
        foreach (Batch batch in _data.Train.Read(_position.Epoch, _position.Batch, CancellationToken.None))
        {
            Accumulate(batch);
            _progress.Batch(_position.Step + 1, _position.Epoch + 1, batch.Index % _configuration.Accumulation + 1);
            if ((batch.Index + 1) % _configuration.Accumulation != 0)
                continue;
            Update(batch);
            if (_position.Batch == _batches)
                return;
            if (stop.IsCancellationRequested || (_configuration.SaveSteps > 0 && _position.Step % _configuration.SaveSteps == 0))
                Save(_folder.Last);
            stop.ThrowIfCancellationRequested();
        }
    }

    private void Accumulate(Batch batch)
    {
        Span<LossValue> values = stackalloc LossValue[_terms.Count];
        _trainer.Accumulate(batch, values);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Weight == 0)
                continue;
            if (!double.IsFinite(values[i].Value))
                throw NotANumber(batch, _terms[i].Output, values[i].Value);
            _losses.Add(i, values[i].Value);
            _totals.Add(i, values[i].Value, batch.Count);
        }
        if (values[0].Weight == 0)
            _totals.AddIgnored();
        var classes = new byte[batch.Labels.Length];
        _trainer.ReadPredictions(classes);
        _totals.Pixels.Add(batch.Labels, classes);
        if (batch.Index + 1 == _batches && _data.Validation is null)
            _samples = [.. SamplePicture.Of(batch, classes, SamplePicture.Most)];
    }

    private void Update(Batch last)
    {
        double rate = _schedule.Rate(_position.Step);
        _trainer.Update(LearningGroups.Rates(rate, _configuration.HeadRateFactor));
        _position = _position with { Step = _position.Step + 1, Batch = last.Index + 1 };
        double[] losses = _losses.Take();
        _logs.Step(_position.Step, _position.Epoch + 1, rate, losses);
        _progress.Step(_position.Step, _position.Epoch + 1, losses[0], rate, _configuration.Accumulation * last.Count);
    }

    private void FinishEpoch(double seconds, CancellationToken stop)
    {
        Validation? validation = Validate(stop);
        int epoch = _position.Epoch + 1;
        double[] losses = _losses.Together([.. _terms.Select((_, i) => _totals.MeanLoss(i))]);
        double score = validation?.Scores.MeanIoUOfPresent ?? double.NaN;
        // A comparison with NaN is false, so the first score is the best.
        bool isBest = !double.IsNaN(score) && !(score <= _position.Best);
        _logs.Epoch(epoch, _position.Step, losses, _totals, validation, seconds);
        _folder.Write(validation?.Pictures ?? _samples, _palette);
        _progress.Epoch(epoch, losses[0], _totals, validation, isBest);
        _position = _position with { Epoch = epoch, Batch = 0, Best = isBest ? score : _position.Best };
        _totals = NewTotals();
        if (isBest)
            Save(_folder.Best);
        if (epoch % _configuration.SaveFrequency == 0 || epoch == _configuration.Epochs || stop.IsCancellationRequested)
            Save(_folder.Last);
        if (epoch < _configuration.Epochs)
            stop.ThrowIfCancellationRequested();
    }

    private Validation? Validate(CancellationToken stop)
    {
        try
        {
            return _validate(_trainer.State(), stop);
        }
        catch (OperationCanceledException)
        {
            Save(_folder.Last);
            throw;
        }
    }

    private void Save(string path) => new Checkpoint
    {
        State = _trainer.State(),
        Momenta = _trainer.Momenta(),
        Position = _position,
        Totals = _totals,
        Samples = _data.Samples.Count,
        Settings = ConfigurationWriter.Decisive(_configuration),
    }.Write(path);

    private EpochTotals NewTotals() => new(_configuration.Classes, _terms.Count);

    private TrainingException NotANumber(Batch batch, string output, double value)
    {
        string pictures = string.Join(", ", batch.Samples.Select(sample => $"'{_data.Samples[sample].Image}'"));
        return new TrainingException(FormattableString.Invariant(
            $"the loss of {output} is {value} in step {_position.Step + 1} (epoch {_position.Epoch + 1}, learning rate {_schedule.Rate(_position.Step):G6}) on {pictures}; the weights were not changed by it: go on from an earlier checkpoint with a smaller base_lr, or look at these pictures"));
    }
}
