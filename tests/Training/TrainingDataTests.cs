using SpGpu.Data.Datasets;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>The pictures that a configuration names.</summary>
public sealed class TrainingDataTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_ignored_label_counts_in_neither_training_nor_validation()
    {
        TrainingData all = Open();
        Assert.Contains((byte)4, Labels(all.Train));
        TrainingData data = Open("classes=4", "ignore_label=4", $"val_root={_run.File("pictures")}");
        Assert.Equal<byte>([0, 1, 2, 3, 255], Labels(data.Train).Distinct().Order());
        Assert.Equal<byte>([0, 1, 2, 3, 255], Labels(data.Validation!).Distinct().Order());
    }

    [Fact]
    public void A_list_serves_as_the_data_root_and_as_that_of_validation()
    {
        string list = _run.File("pictures/list.txt");
        File.WriteAllLines(list, Enumerable.Range(3, 4).Select(i => $"images/0000{i}.png labels/0000{i}.png"));
        TrainingData data = Open($"data_root={list}", $"val_root={list}");
        // Lists write paths with slashes on every system.
        Assert.Equal(SampleFolder.Read(_run.File("pictures")).Skip(3).Take(4).Select(Files), data.Samples.Select(Files));
        Assert.Equal(data.Samples, data.ValidationSamples);
        Assert.Contains("is no folder", Assert.Throws<DatasetException>(() => Open($"data_root={list}", $"train_list={list}")).Message,
            StringComparison.Ordinal);
    }

    private static (string, string?) Files(Sample sample) =>
        (Path.GetFullPath(sample.Image), sample.Label is null ? null : Path.GetFullPath(sample.Label));

    private TrainingData Open(params string[] settings)
    {
        TrainingConfiguration c = _run.Configuration(settings);
        return TrainingData.Open(c, _run.Lines.Add);
    }

    private static IEnumerable<byte> Labels(BatchLoader loader) => loader.Read(0).SelectMany(batch => batch.Labels);
}
