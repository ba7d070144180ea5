using SpGpu.Data.Metrics;
using SpGpu.Data.Tests;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>A folder of small pictures, and runs on it.</summary>
internal sealed class TinyRun : IDisposable
{
    public const int Pictures = 10;

    private readonly TemporaryFolder _folder = new();

    public TinyRun()
    {
        LabelledPictures.Write(File("pictures"), Pictures);
    }

    public List<string> Lines { get; } = [];

    public string File(string name) => _folder.File(name);

    /// <summary>Three epochs of five steps, or of two with two batches each.</summary>
    public TrainingConfiguration Configuration(params string[] overrides) => Reading.Read(
        $"DATA:\n  data_root: '{File("pictures")}'\n  classes: {LabelledPictures.Classes}\nTRAIN:\n  stem: [4, 4, 8]\n  planes: [4, 4, " +
        "8, 8]\n  blocks: [1, 1, 1, 1]\n"
        + "  train_h: 32\n  train_w: 40\n  batch_size: 2\n  accumulation: 1\n  epochs: 3\n  workers: 2\n  print_freq: 1\n  save_steps: 2\n",
        overrides);

    public RunOptions Options(string folder, string? resume = null, CancellationTokenSource? stop = null) =>
        new() { Folder = File(folder), Resume = resume, Print = Lines.Add, Stop = stop?.Token ?? TestContext.Current.CancellationToken };

    /// <summary>Runs with a stand-in for the network.</summary>
    public FakeTrainer Fake(
        TrainingConfiguration configuration, RunOptions options, FakeTrainer? trainer = null, Func<StateDict, Validation?>? validate = null)
    {
        FakeTrainer used = trainer!;
        TrainingRun.Run(configuration, options, "a stand-in", (_, state) => used ??= new FakeTrainer(state), (trained, _, stop) =>
        {
            stop.ThrowIfCancellationRequested();
            return validate?.Invoke(trained.State());
        });
        return used;
    }

    /// <summary>Runs with a stand-in for the network until someone stops it after some steps.</summary>
    public void StopAfter(int steps, TrainingConfiguration configuration, string folder)
    {
        using var stop = new CancellationTokenSource();
        FakeTrainer trainer = null!;
        trainer = new FakeTrainer(Initial(configuration))
        {
            AfterUpdate = () =>
            {
                if (trainer.Step == steps)
                    stop.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => Fake(configuration, Options(folder, stop: stop), trainer));
        Assert.Equal(steps, Checkpoint.Read(File($"{folder}/last.safetensors")).Position.Step);
    }

    /// <summary>The network before its first step.</summary>
    public static StateDict Initial(TrainingConfiguration configuration) =>
        Initializer.Initialize(Recipe.Architecture(configuration).Build(), 0);

    /// <summary>The files of a folder and what is in them.</summary>
    public Dictionary<string, byte[]> Files(string folder) =>
        Directory.GetFiles(File(folder)).ToDictionary(path => Path.GetFileName(path)!, System.IO.File.ReadAllBytes);

    /// <summary>A validation with a given score.</summary>
    public static Validation Score(int right, int wrong)
    {
        var pixels = new ConfusionMatrix(2);
        pixels.Add([.. Enumerable.Repeat((byte)1, right + wrong)],
            [.. Enumerable.Repeat((byte)1, right), .. Enumerable.Repeat((byte)0, wrong)]);
        return new Validation(0.5, pixels.Score(), []);
    }

    public void Dispose() => _folder.Dispose();
}
