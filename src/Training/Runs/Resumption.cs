using SpGpu.Training.Configuration;

namespace SpGpu.Training.Runs;

/// <summary>Decides whether a checkpoint and a configuration belong together.</summary>
internal static class Resumption
{
    /// <summary>Reads a checkpoint; says what is different now, as far as it matters.</summary>
    /// <exception cref="WeightsException">The file cannot be read, is no checkpoint, or its tensors do not fit.</exception>
    /// <exception cref="TrainingException">Its place in the run would mean something else now, or there is no such place.</exception>
    public static Checkpoint Read(
        string path, TrainingConfiguration configuration, TrainingData data, int stepsPerEpoch, Action<string> print)
    {
        var checkpoint = Checkpoint.Read(path);
        IReadOnlyList<string> changes = Changes(checkpoint, configuration);
        if (checkpoint.Samples != data.Samples.Count)
            throw new TrainingException(
                $"'{path}' is of a run on {checkpoint.Samples} pictures, and there are {data.Samples.Count} now; " +
                $"bring them back, or start anew with weight={path}");
        CheckPlace(checkpoint, configuration, stepsPerEpoch);
        Checkpoint fitting = CheckpointFit.Checked(checkpoint, configuration);
        foreach (string change in changes)
            print(change);
        return fitting;
    }

    /// <summary>A line for each setting that is another one now.</summary>
    private static List<string> Changes(Checkpoint checkpoint, TrainingConfiguration configuration)
    {
        IReadOnlyDictionary<string, string> now = ConfigurationWriter.Decisive(configuration);
        // Checkpoints from before there was a setting have its usual value.
        IReadOnlyDictionary<string, string> usual = ConfigurationWriter.Decisive(new TrainingConfiguration());
        var places = Settings.All.Where(setting => setting.DecidesPlace).Select(setting => setting.Key).Append("classes")
            .ToHashSet(StringComparer.Ordinal);
        var changes = new List<string>();
        foreach (string key in now.Keys.Union(checkpoint.Settings.Keys).Order(StringComparer.Ordinal))
        {
            string before = checkpoint.Settings.GetValueOrDefault(key, usual.GetValueOrDefault(key, "not set"));
            string after = now.GetValueOrDefault(key, "not set");
            if (before == after)
                continue;
            if (places.Contains(key))
                throw new TrainingException(
                    $"'{checkpoint.Path}' is of a run with {key} {before}, and it is {after} now; " +
                    $"give {key}={before}, or start anew with weight={checkpoint.Path}");
            changes.Add($"note: {key} was {before} and is {after} from here on");
        }
        return changes;
    }

    private static void CheckPlace(Checkpoint checkpoint, TrainingConfiguration configuration, int stepsPerEpoch)
    {
        string path = checkpoint.Path;
        RunPosition position = checkpoint.Position;
        (int steps, int rest) = Math.DivRem(position.Batch, configuration.Accumulation);
        if (rest != 0 || steps > stepsPerEpoch || position.Step != (long)position.Epoch * stepsPerEpoch + steps)
            throw new TrainingException(
                $"'{path}' is at step {position.Step}, batch {position.Batch} of epoch {position.Epoch + 1L}, which is no place of this " +
                $"run; start anew with weight={path}");
        if (position.Step > (long)configuration.Epochs * stepsPerEpoch)
            throw new TrainingException(
                $"'{path}' is at step {position.Step} in epoch {position.Epoch + 1L}, and this run ends with epoch " +
                $"{configuration.Epochs}; give more epochs, or start anew with weight={path}");
    }
}
