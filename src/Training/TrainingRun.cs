using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Training.Configuration;
using SpGpu.Training.Runs;

namespace SpGpu.Training;

/// <summary>A whole run: from a configuration to a folder with weights, logs and pictures.</summary>
public static class TrainingRun
{
    private const string Auto = "auto";

    /// <summary>Trains to the end of the last epoch.</summary>
    /// <param name="configuration">What, and how.</param>
    /// <param name="device">The device.</param>
    /// <param name="options">Where to.</param>
    /// <exception cref="ConfigurationException">The configuration does not fit together or the data.</exception>
    /// <exception cref="DatasetException">A list or a folder cannot be used, or labels do not fit.</exception>
    /// <exception cref="ImageException">A picture cannot be read.</exception>
    /// <exception cref="WeightsException">A checkpoint or weights file cannot be used.</exception>
    /// <exception cref="TrainingException">A loss or a weight is no number any more, or a checkpoint is of another run.</exception>
    /// <exception cref="OutputException">
    /// Another run is at work in the folder, or a checkpoint or a log cannot be written; the last checkpoint is intact.
    /// </exception>
    /// <exception cref="OperationCanceledException">Someone asked to stop; the last checkpoint has everything done so far.</exception>
    public static void Run(TrainingConfiguration configuration, Device device, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        configuration = StartingNetwork.Settle(configuration, CheckpointOf(options));
        Graph graph = Recipe.Architecture(configuration).Build();
        Run(configuration, options, device.Name,
            (c, state) => new DeviceTrainer(graph, state, device,
                Recipe.Options(c) with { Group = options.Group, SharedStatistics = c.SyncBatchNorm }),
            (trainer, data, stop) => data.ValidationSamples.Count > 0
                ? Validation.Run(trainer, configuration.Classes, data.Validation, options.Group, options.Print, stop)
                : null);
    }

    /// <summary>The same with any network that learns, and any validation.</summary>
    internal static void Run(
        TrainingConfiguration configuration, RunOptions options, string deviceName,
        Func<TrainingConfiguration, StateDict, ITrainer> makeTrainer, Func<ITrainer, TrainingData, CancellationToken, Validation?> validate)
    {
        configuration = StartingNetwork.Settle(configuration, CheckpointOf(options));
        SegmentationArchitecture architecture = Recipe.Architecture(configuration);
        if (!architecture.Sizes.Fits((configuration.TrainHeight, configuration.TrainWidth)))
        {
            Size2D next = architecture.Sizes.AtLeast((configuration.TrainHeight, configuration.TrainWidth));
            throw new ConfigurationException(FormattableString.Invariant(
                $"train_h {configuration.TrainHeight} and train_w {configuration.TrainWidth}: {architecture.Name} is made for sizes ") +
                FormattableString.Invariant($"{architecture.Sizes}; give train_h={next.Height} and train_w={next.Width}"));
        }
        Graph graph = architecture.Build();
        configuration = WithColours(configuration);
        var data = TrainingData.Open(configuration, options.Print, options.Group);
        int steps = TrainingLoop.StepsPerEpoch(configuration, data);
        data.ThrowIfIn(options.Folder);
        // From here on with numbers, which the checkpoints and the settings of the run have too.
        // No process may leave the others while they count.
        configuration = ClassBalance.Settle(
            configuration, data.Dataset, options.Group is null ? options : options with { Stop = CancellationToken.None });
        using RunFolder? folder = options.Group.Writes() ? RunFolder.Open(options.Folder, goOn: options.Resume is not null) : null;
        string? resume = CheckpointOf(options);
        Checkpoint? from = resume is null ? null : Resumption.Read(resume, configuration, data, steps, options.Print);
        (StateDict state, string? report) =
            from is null ? InitialWeights.Make(graph, configuration.Seed, configuration.Weight) : (from.State, null);
        foreach (string line in report?.Split('\n') ?? [])
            options.Print(line);
        using ITrainer trainer = makeTrainer(configuration, state);
        if (from is not null)
        {
            trainer.Restore(from.State, from.Momenta, from.Average);
            trainer.Step = from.Position.Step;
        }
        // Nothing was touched so far; from here on the run can go on.
        if (options.Group.Any(options.Stop.IsCancellationRequested))
            throw new OperationCanceledException(options.Stop);
        options.Group?.RequireSame(configuration, data, state, trainer.Step);
        using RunRecord? record = folder is null ? null : RunRecord.Open(folder, configuration, from, options.Print);
        string network = FormattableString.Invariant($"{graph.ParameterCount / 1e6:0.00} million parameters, on {deviceName}");
        // Of an SPNet the settings say everything, of others the weights may have.
        if (architecture is not SpNetArchitecture)
            options.Print($"network: {architecture.Title}");
        string epochs = FormattableString.Invariant($"{configuration.Epochs} epoch{(configuration.Epochs == 1 ? "" : "s")}");
        options.Print(FormattableString.Invariant($"{data.Samples.Count} pictures, {epochs} of {steps} steps, {network}"));
        if (options.Group is { Count: > 1 and var count })
            options.Print(FormattableString.Invariant(
                $"{count} processes with {configuration.BatchSize / count} of the {configuration.BatchSize} pictures of a batch each"));
        foreach (string note in RunNotes.Of(configuration, data, isNew: from is null))
            options.Print(note);
        if (resume is not null)
            options.Print($"going on from '{resume}' after step {from!.Position.Step}");
        new TrainingLoop(configuration, data, trainer, validate, record, options, from).Run(options.Stop);
    }

    /// <summary>The checkpoint to go on from; null where the run starts anew.</summary>
    private static string? CheckpointOf(RunOptions options)
    {
        string last = RunFolder.LastIn(options.Folder);
        return options.Resume != Auto ? options.Resume : File.Exists(last) ? last : null;
    }

    /// <summary>With the colours of a file in their place, so that the weights keep them too.</summary>
    private static TrainingConfiguration WithColours(TrainingConfiguration c)
    {
        if (c.Colors is not null || c.ColorsPath is null)
            return c;
        var palette = Palette.Read(c.ColorsPath);
        return palette.Count >= c.Classes
            ? c with { Colors = new Palette(palette.Take(c.Classes)) }
            : throw new ConfigurationException(
                $"colors_path '{c.ColorsPath}' has {palette.Count} colours for {c.Classes} classes; give one for each class");
    }
}
