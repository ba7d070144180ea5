using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>Decides whether a checkpoint and a configuration belong together.</summary>
internal static class Resumption
{
    /// <summary>Reads a checkpoint; says what is different now, as far as it matters.</summary>
    /// <exception cref="WeightsException">The file cannot be read or is no checkpoint.</exception>
    /// <exception cref="TrainingException">Its place in the run would mean something else now.</exception>
    public static Checkpoint Read(string path, TrainingConfiguration configuration, TrainingData data, int stepsPerEpoch, Action<string> print)
    {
        var checkpoint = Checkpoint.Read(path);
        IReadOnlyDictionary<string, string> now = ConfigurationWriter.Decisive(configuration);
        var places = Settings.All.Where(setting => setting.DecidesPlace).Select(setting => setting.Key).Append("classes").ToHashSet(StringComparer.Ordinal);
        foreach (string key in now.Keys.Union(checkpoint.Settings.Keys).Order(StringComparer.Ordinal))
        {
            string before = checkpoint.Settings.GetValueOrDefault(key, "not set"), after = now.GetValueOrDefault(key, "not set");
            if (before == after)
                continue;
            if (places.Contains(key))
                throw new TrainingException($"'{path}' is of a run with {key} {before}, and it is {after} now; give {key}={before}, or start anew with weight={path}");
            print($"note: {key} was {before} and is {after} from here on");
        }
        if (checkpoint.Samples != data.Samples.Count)
            throw new TrainingException($"'{path}' is of a run on {checkpoint.Samples} pictures, and there are {data.Samples.Count} now; bring them back, or start anew with weight={path}");
        RunPosition position = checkpoint.Position;
        if (position.Batch > stepsPerEpoch * configuration.Accumulation
            || position.Step != (long)position.Epoch * stepsPerEpoch + position.Batch / configuration.Accumulation)
        {
            throw new TrainingException($"'{path}' is at step {position.Step}, batch {position.Batch} of epoch {position.Epoch + 1}, which is no place of this run; start anew with weight={path}");
        }
        return checkpoint;
    }
}
