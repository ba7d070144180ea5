using System.Diagnostics;
using System.Globalization;
using SpGpu.Data.Datasets;
using SpGpu.Data.Metrics;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using SpGpu.Training.Runs;

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
    private readonly Func<ITrainer, TrainingData, CancellationToken, Validation?> _validate;
    private readonly RunRecord? _record;
    private readonly IProcessGroup? _group;
    private readonly ProgressLines _progress;
    private readonly IReadOnlyDictionary<string, string> _network;
    private readonly IReadOnlyList<LossTerm> _terms;
    private readonly PolySchedule _schedule;
    private readonly StepLosses _losses;
    private readonly int _batches;
    private RunPosition _position;
    private EpochTotals _totals;
    private IReadOnlyList<SamplePicture> _samples = [];
    private (string Path, long Step)? _saved;

    /// <exception cref="ConfigurationException">An epoch would have no step.</exception>
    public TrainingLoop(
        TrainingConfiguration configuration, TrainingData data, ITrainer trainer,
        Func<ITrainer, TrainingData, CancellationToken, Validation?> validate,
        RunRecord? record, RunOptions options, Checkpoint? from)
    {
        (_configuration, _data, _trainer, _validate, _record, _group) = (configuration, data, trainer, validate, record, options.Group);
        _network = Recipe.Metadata(configuration, TrainedOn.Of(data.Samples.Select(sample => sample.Image)));
        _terms = Recipe.Losses(configuration);
        _losses = new StepLosses(_terms);
        int steps = StepsPerEpoch(configuration, data);
        _batches = steps * configuration.Accumulation;
        _schedule = new PolySchedule(
            configuration.BaseRate, (long)steps * configuration.Epochs, configuration.Power, configuration.WarmupSteps);
        _progress = new ProgressLines(options.Print, configuration, steps, TimeProvider.System);
        _position = from?.Position ?? RunPosition.Start;
        // What was counted before is in the totals of one process.
        _totals = from?.Totals ?? NewTotals();
        if (!_group.Writes())
            _totals = _totals.With(new ConfusionMatrix(configuration.Classes));
        if (from is not null)
            _saved = (from.Path, from.Position.Step);
    }

    /// <summary>The steps of an epoch; batches that make no whole step are left out, as pictures that make no batch are.</summary>
    /// <exception cref="ConfigurationException">There are none.</exception>
    public static int StepsPerEpoch(TrainingConfiguration configuration, TrainingData data)
    {
        int steps = data.Train.BatchesPerEpoch / configuration.Accumulation;
        return steps > 0
            ? steps
            : throw new ConfigurationException(
                $"accumulation {configuration.Accumulation}: an epoch has {data.Train.BatchesPerEpoch} batches, which make no step; " +
                "choose a smaller accumulation or batch_size");
    }

    /// <summary>Runs to the end, or until someone asks to stop.</summary>
    /// <exception cref="TrainingException">A loss or a weight is no number any more; the last checkpoint is from before that.</exception>
    /// <exception cref="OutputException">A checkpoint or a log cannot be written.</exception>
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
            bool stops = _group.Any(stop.IsCancellationRequested);
            if (stops || IsDue)
                Save();
            if (stops)
                throw new OperationCanceledException(stop);
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
            _totals.Add(i, values[i].Value, batch.Count * _group.Processes());
        }
        if (values[0].Weight == 0)
            _totals.AddIgnored();
        var classes = new byte[batch.Labels.Length];
        _trainer.ReadPredictions(classes);
        _totals.Pixels.Add(batch.Labels, classes);
        if (batch.Index + 1 == _batches && _data.ValidationSamples.Count == 0)
            _samples = [.. SamplePicture.Of(batch, classes, SamplePicture.Most)];
    }

    private void Update(Batch last)
    {
        double rate = _schedule.Rate(_position.Step);
        _trainer.Update(LearningGroups.Rates(rate, _configuration.HeadRateFactor));
        _position = _position with { Step = _position.Step + 1, Batch = last.Index + 1 };
        double[] losses = _losses.Take();
        OrSave(() =>
        {
            _record?.Logs.Step(_position.Step, _position.Epoch + 1, rate, losses);
            _progress.Step(_position.Step, _position.Epoch + 1, losses[0], rate, _configuration.Accumulation * _configuration.BatchSize);
        });
    }

    private void FinishEpoch(double seconds, CancellationToken stop)
    {
        Validation? validation = null;
        _trainer.ShareStatistics();
        // All processes must come to its end: who is asked to stop meanwhile does so behind it.
        OrSave(() => validation = _validate(_trainer, _data, _group is null ? stop : CancellationToken.None));
        EpochTotals totals = _group.Sum(_totals);
        bool stops = _group.Any(stop.IsCancellationRequested);
        int epoch = _position.Epoch + 1;
        double[] losses = _losses.Together([.. _terms.Select((_, i) => _totals.MeanLoss(i))]);
        bool isBest = validation is not null && IsBest(validation);
        RunPosition next = _position with
        {
            Epoch = epoch,
            Batch = 0,
            Best = isBest ? validation!.Scores.MeanIoUOfPresent : _position.Best,
        };
        OrSave(() =>
        {
            _record?.Logs.Epoch(epoch, _position.Step, losses, totals, validation, seconds);
            _progress.Epoch(epoch, losses[0], totals, validation, isBest);
            if (isBest)
                Save(_record?.Folder.Best, next, NewTotals());
        });
        (_position, _totals) = (next, NewTotals());
        if (epoch % _configuration.SaveFrequency == 0 || epoch == _configuration.Epochs || IsDue || stops)
            Save();
        _record?.Pictures.Draw(validation?.Pictures ?? _samples, isLast: epoch == _configuration.Epochs || stops);
        if (stops && epoch < _configuration.Epochs)
            throw new OperationCanceledException(stop);
    }

    /// <summary>Whether so many steps are done that a checkpoint must be written.</summary>
    private bool IsDue => _configuration.SaveSteps > 0 && _position.Step % _configuration.SaveSteps == 0;

    /// <summary>A score is no use where the loss is no number: all pixels are of some class then, too.</summary>
    private bool IsBest(Validation validation)
    {
        double score = validation.Scores.MeanIoUOfPresent;
        // A comparison with NaN is false, so the first score is the best.
        return double.IsFinite(validation.Loss) && double.IsFinite(score) && !(score <= _position.Best);
    }

    /// <summary>
    /// Does what steps do not depend on: if it fails, they are in a checkpoint first, unless others would have to take part in it.
    /// </summary>
    private void OrSave(Action action)
    {
        try
        {
            action();
        }
        catch when (_group is null)
        {
            Save();
            throw;
        }
    }

    private void Save() => Save(_record?.Folder.Last, _position, _group.Sum(_totals));

    private void Save(string? path, RunPosition position, EpochTotals totals)
    {
        if (path is null)
            return;
        var checkpoint = new Checkpoint
        {
            State = _trainer.State(),
            Average = _trainer.Average(),
            Momenta = _trainer.Momenta(),
            Position = position,
            Totals = totals,
            Samples = _data.Samples.Count,
            Network = _network,
            Settings = ConfigurationWriter.Decisive(_configuration),
        };
        if (checkpoint.FirstNotFinite() is { } spoilt)
            throw Spoilt(spoilt);
        checkpoint.Write(path);
        _saved = (path, position.Step);
    }

    private EpochTotals NewTotals() => new(_configuration.Classes, _terms.Count);

    private TrainingException NotANumber(Batch batch, string output, double value)
    {
        string pictures = string.Join(", ", batch.Samples.Select(sample => $"'{_data.Samples[sample].Image}'"));
        if (_group is not null)
            pictures += " or those of the other processes";
        return new TrainingException(string.Create(
            CultureInfo.InvariantCulture,
            $"the loss of {output} is {value} in step {_position.Step + 1} (epoch {_position.Epoch + 1}, " +
            $"learning rate {_schedule.Rate(_position.Step):G6}) on {pictures}; " +
            $"the weights were not changed by it: {Advice}, or look at these pictures"));
    }

    private TrainingException Spoilt(string what) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{what} after step {_position.Step} (learning rate {_schedule.Rate(Math.Max(0, _position.Step - 1)):G6}), " +
        $"so that no checkpoint of it was written: {Advice}"));

    private string Advice => _saved is { } saved
        ? FormattableString.Invariant(
            $"go on from '{saved.Path}' (step {saved.Step}) with a smaller base_lr, or start anew if that ends alike")
        : "start anew with a smaller base_lr";
}
