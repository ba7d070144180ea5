using SpGpu.Training.Configuration;

namespace SpGpu.Training.Runs;

/// <summary>What a run keeps: checkpoints, logs, settings and pictures in its folder. Of several processes the first one has it.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Logs">The tables.</param>
/// <param name="Pictures">The pictures.</param>
internal sealed record RunRecord(RunFolder Folder, RunLogs Logs, RunPictures Pictures) : IDisposable
{
    /// <summary>Begins, or goes on from a checkpoint.</summary>
    /// <param name="folder">The folder of the run, which is open.</param>
    /// <param name="configuration">What is run.</param>
    /// <param name="from">The checkpoint; null where the run starts anew.</param>
    /// <param name="print">Takes lines about what is not as usual.</param>
    /// <exception cref="OutputException">A file cannot be written.</exception>
    public static RunRecord Open(RunFolder folder, TrainingConfiguration configuration, Checkpoint? from, Action<string> print)
    {
        folder.Clear(from?.Path, print);
        var logs = new RunLogs(folder, Recipe.Losses(configuration), from?.Position, print);
        try
        {
            RunSettings.Write(folder, ConfigurationWriter.Write(configuration), print);
            return new RunRecord(folder, logs, new RunPictures(folder, logs, configuration, print, TimeProvider.System));
        }
        catch
        {
            logs.Dispose();
            throw;
        }
    }

    public void Dispose() => Logs.Dispose();
}
