using SpGpu.Data.Metrics;
using SpGpu.Data.Tests;
using SpGpu.Layers;
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
        $"DATA:\n  data_root: '{File("pictures")}'\n  classes: {LabelledPictures.Classes}\nTRAIN:\n  stem: [4, 4, 8]\n  planes: [4, 4, 8, 8]\n  blocks: [1, 1, 1, 1]\n"
        + "  train_h: 32\n  train_w: 40\n  batch_size: 2\n  accumulation: 1\n  epochs: 3\n  workers: 2\n  print_freq: 1\n  save_steps: 2\n", overrides);

    public RunOptions Options(string folder, string? resume = null, CancellationTokenSource? stop = null) =>
        new() { Folder = File(folder), Resume = resume, Print = Lines.Add, Stop = stop?.Token ?? TestContext.Current.CancellationToken };

    /// <summary>Runs with a stand-in for the network.</summary>
    public FakeTrainer Fake(TrainingConfiguration configuration, RunOptions options, FakeTrainer? trainer = null, Func<StateDict, Validation?>? validate = null)
    {
        FakeTrainer used = trainer!;
        TrainingRun.Run(configuration, options, "a stand-in", state => used ??= new FakeTrainer(state), _ => (state, stop) =>
        {
            stop.ThrowIfCancellationRequested();
            return validate?.Invoke(state);
        });
        return used;
    }

    /// <summary>A validation with a given score.</summary>
    public static Validation Score(int right, int wrong)
    {
        var pixels = new ConfusionMatrix(2);
        pixels.Add([.. Enumerable.Repeat((byte)1, right + wrong)], [.. Enumerable.Repeat((byte)1, right), .. Enumerable.Repeat((byte)0, wrong)]);
        return new Validation(0.5, pixels.Score(), []);
    }

    public void Dispose() => _folder.Dispose();
}
