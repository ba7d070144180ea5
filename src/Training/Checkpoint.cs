using System.Globalization;
using SpGpu.Data;
using SpGpu.Data.Metrics;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Runs;

namespace SpGpu.Training;

/// <summary>
/// A run at the end of one of its steps, as a .safetensors file: the network under its own names, the momenta under
/// <c>optimizer.</c>, the pixels counted in the epoch as <c>training.confusion</c>, everything else as metadata. Where an
/// average of the weights is kept, that is the network, and the weights of the step are under <c>training.weights.</c>.
/// Readers of weights leave out what belongs to training (<see cref="WeightsFile"/>).
/// </summary>
internal sealed record Checkpoint
{
    private const string Version = "1", Confusion = WeightsFile.TrainingPrefix + "confusion";
    private const string Weights = WeightsFile.TrainingPrefix + "weights.";

    /// <summary>The file that it was read from; empty for one that was not.</summary>
    public string Path { get; init; } = "";

    /// <summary>Parameters and running statistics.</summary>
    public required StateDict State { get; init; }

    /// <summary>The average of both; null where none is kept.</summary>
    public StateDict? Average { get; init; }

    /// <summary>The momenta by the names of their parameters.</summary>
    public required StateDict Momenta { get; init; }

    /// <summary>Where the run is.</summary>
    public required RunPosition Position { get; init; }

    /// <summary>What the epoch came to so far.</summary>
    public required EpochTotals Totals { get; init; }

    /// <summary>The samples of the training set.</summary>
    public required int Samples { get; init; }

    /// <summary>What readers of the weights need to know of the network, as metadata.</summary>
    public required IReadOnlyDictionary<string, string> Network { get; init; }

    /// <summary>The values that decided the result so far.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Writes a whole file or nothing.</summary>
    /// <exception cref="OutputException">The file cannot be written; one that was there is as it was.</exception>
    public void Write(string path)
    {
        var tensors = new StateDict();
        foreach ((string name, HostTensor tensor) in Average ?? State)
            tensors[name] = tensor;
        foreach ((string name, HostTensor tensor) in Average is null ? [] : State)
            tensors[Weights + name] = tensor;
        foreach ((string name, HostTensor tensor) in Momenta)
            tensors[WeightsFile.OptimizerPrefix + name] = tensor;
        int classes = Totals.Pixels.Classes;
        tensors[Confusion] =
            new HostTensor([.. Pairs(classes).Select(pair => Totals.Pixels[pair.Label, pair.Prediction])], classes, classes);
        var metadata = new Dictionary<string, string>
        {
            ["spgpu.training"] = Version,
            ["step"] = Text(Position.Step),
            ["epoch"] = Text(Position.Epoch),
            ["batch"] = Text(Position.Batch),
            ["best"] = Text(Position.Best),
            ["loss_sums"] = string.Join(' ', Totals.LossSums.Select(sum => Text(sum))),
            ["loss_counts"] = string.Join(' ', Totals.LossCounts.Select(count => Text(count))),
            ["ignored_batches"] = Text(Totals.IgnoredBatches),
            ["samples"] = Text(Samples),
        };
        foreach ((string key, string value) in Network)
            metadata[key] = value;
        foreach ((string key, string value) in Settings)
            metadata[WeightsFile.ConfigurationPrefix + key] = value;
        SafeTensors.Write(path, tensors, metadata);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="WeightsException">The file cannot be read or is no checkpoint of a run.</exception>
    public static Checkpoint Read(string path)
    {
        using WeightsFile file = SafeTensors.Open(
            path, "a run goes on from last.safetensors or best.safetensors of its folder; give weights to start from as weight=FILE");
        IReadOnlyDictionary<string, string> metadata = file.Metadata;
        if (metadata.GetValueOrDefault("spgpu.training") != Version)
            throw new WeightsException(
                $"'{path}' is no checkpoint of a run (version {Version}); " +
                "name last.safetensors or best.safetensors of a run folder, or give weights to start from as weight=FILE");
        StateDict network = new(), weights = new(), momenta = new();
        HostTensor? confusion = null;
        foreach (string name in file.Names)
        {
            HostTensor tensor = file.Load(name);
            if (name == Confusion)
                confusion = tensor;
            else if (name.StartsWith(WeightsFile.OptimizerPrefix, StringComparison.Ordinal))
                momenta[name[WeightsFile.OptimizerPrefix.Length..]] = tensor;
            else if (name.StartsWith(Weights, StringComparison.Ordinal))
                weights[name[Weights.Length..]] = tensor;
            else
                network[name] = tensor;
        }
        return new Checkpoint
        {
            Path = path,
            State = weights.Count > 0 ? weights : network,
            Average = weights.Count > 0 ? network : null,
            Momenta = momenta,
            Position = new(One("step", Whole), One("epoch", Small), One("batch", Small), One("best", Score)),
            Totals = new EpochTotals(Pixels(), Several("loss_sums", Real), Several("loss_counts", Whole), One("ignored_batches", Small)),
            Samples = One("samples", Small),
            Network = metadata.Where(pair => pair.Key.StartsWith(WeightsFile.NetworkPrefix, StringComparison.Ordinal)).ToDictionary(),
            Settings = metadata.Where(pair => pair.Key.StartsWith(WeightsFile.ConfigurationPrefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[WeightsFile.ConfigurationPrefix.Length..], pair => pair.Value),
        };

        string Field(string key) => metadata.TryGetValue(key, out string? text) ? text : throw Damaged($"{key} is missing");

        T One<T>(string key, Func<string, T?> parse) where T : struct => parse(Field(key)) ?? throw Damaged($"{key} is '{Field(key)}'");

        T[] Several<T>(string key, Func<string, T?> parse) where T : struct =>
            [.. Field(key).Split(' ').Select(word => parse(word) ?? throw Damaged($"{key} has '{word}'"))];

        ConfusionMatrix Pixels() => confusion is { Shape: [int classes and > 0 and <= LabelMap.Ignore, int columns], Data: long[] counts }
            && classes == columns && counts.All(count => count >= 0)
            ? new ConfusionMatrix(classes, counts)
            : throw Damaged($"the tensor '{Confusion}' is missing or counts no pixels by label and prediction");

        WeightsException Damaged(string what) => new($"'{path}' is a damaged checkpoint: {what}; take another one or start anew");
    }

    /// <summary>The first parameter, running statistic or momentum with a number that is none, in words; null where all are fine.</summary>
    public string? FirstNotFinite() =>
        FirstNotFinite(State, "") ?? FirstNotFinite(Average ?? [], "the average of ") ?? FirstNotFinite(Momenta, "the momentum of ");

    private static string? FirstNotFinite(StateDict tensors, string of)
    {
        foreach ((string name, HostTensor tensor) in tensors)
        {
            if (tensor.Data is float[] floats
                && floats.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) is >= 0 and int index)
                return $"{of}'{name}' is {(float.IsNaN(floats[index]) ? "NaN" : "infinite")}";
        }
        return null;
    }

    private static IEnumerable<(int Label, int Prediction)> Pairs(int classes) =>
        Enumerable.Range(0, classes).SelectMany(label => Enumerable.Range(0, classes).Select(prediction => (label, prediction)));

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static int? Small(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static double? Real(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static double? Score(string text) => Real(text) is { } score && score is double.NaN or (>= 0 and <= 1) ? score : null;
}
