using System.Diagnostics;
using SpGpu.Training.Tests;

namespace SpGpu.Cli.Tests;

/// <summary>Runs of the built tool's <c>train</c> that are killed at random moments and taken up again.</summary>
/// <param name="folder">An empty folder.</param>
internal sealed class KilledTraining(string folder)
{
    private TimeSpan _whole;

    /// <summary>Makes pictures and a configuration.</summary>
    public void WriteInputs()
    {
        LabelledPictures.Write(Path.Combine(folder, "pictures"), count: 8);
        File.WriteAllText(Path.Combine(folder, "c.yaml"), $"""
            DATA:
              data_root: '{Path.Combine(folder, "pictures")}'
              val_root: '{Path.Combine(folder, "pictures")}'
              classes: {LabelledPictures.Classes}
            TRAIN:
              stem: [4, 4, 8]
              planes: [4, 4, 8, 8]
              blocks: [1, 1, 1, 1]
              train_h: 32
              train_w: 40
              batch_size: 1
              accumulation: 2
              epochs: 6
              print_freq: 1
              save_steps: 1
            """);
    }

    /// <summary>Makes the inputs and a run that nobody kills.</summary>
    public void Prepare()
    {
        WriteInputs();
        var clock = Stopwatch.StartNew();
        using Process process = Start("whole");
        string error = Finish(process);
        _whole = clock.Elapsed;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"a run that nobody killed ended with {process.ExitCode}: {error}");
    }

    /// <summary>Starts a run, or goes on with it.</summary>
    public Process Start(string run, params string[] settings) => Process.Start(new ProcessStartInfo(BuiltTool.Command[0],
        [.. BuiltTool.Command[1..], "train", Path.Combine(folder, "c.yaml"), .. settings, "--out", Path.Combine(folder, run),
            "--resume", "auto", "--device", "cpu", "--threads", "1"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Goes on with a run, and kills it at a random moment unless it ends before.</summary>
    /// <returns>Whether it was killed.</returns>
    /// <exception cref="InvalidOperationException">It failed by itself.</exception>
    public bool Kill(string run, Random random)
    {
        using Process process = Start(run);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        // Up to a little more than a whole run takes: with less, a start that is slow beside the steps would never be
        // survived, and every kill would find the run in its first epoch.
        bool ended = process.WaitForExit(_whole * (1.1 * random.NextDouble()));
        if (!ended)
            process.Kill();
        process.WaitForExit();
        Task.WaitAll(output, error);
        return process.ExitCode switch
        {
            0 => false,
            _ when !ended => true,
            _ => throw new InvalidOperationException($"{run}: ended with {process.ExitCode}: {error.Result}"),
        };
    }

    /// <summary>Goes on with a run to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed, or ended with other bits than the run that nobody killed.</exception>
    public void FinishAndCompare(string run)
    {
        using (Process process = Start(run))
        {
            string error = Finish(process);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{run}: ended with {process.ExitCode}: {error}");
        }
        foreach (string file in (string[])["last.safetensors", "best.safetensors", "log.csv"])
        {
            if (!File.ReadAllBytes(Path.Combine(folder, run, file)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(folder, "whole", file))))
                throw new InvalidOperationException($"{run}: {file} is not that of the run that nobody killed");
        }
        if (Directory.GetFiles(Path.Combine(folder, run), "*.tmp").Length > 0)
            throw new InvalidOperationException($"{run}: there are temporary files left");
    }

    private static string Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Task.WaitAll(output, error);
        return error.Result;
    }
}
