using SpGpu.Data.Datasets;
using SpGpu.Data.Datasets.Checks;
using SpGpu.Data.Tests;
using SpGpu.Data.Transforms;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Synth;
using SpGpu.Training;
using SpGpu.Training.Configuration;

namespace SpGpu.Surface.Tests;

/// <summary>A folder of labelled pictures: looked through, made into batches, and trained on.</summary>
public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DatasetTests() => SyntheticScenes.Write(_folder.Path, new() { Width = 40, Height = 32 }, count: 4);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_looked_through_before_it_is_used()
    {
        IReadOnlyList<Sample> samples = SampleFolder.Read(_folder.Path);
        File.WriteAllText(samples[1].Image, "no picture");
        using var check = new DatasetCheck(samples, LabelTransform.None, threads: 2, cancellation: TestContext.Current.CancellationToken);
        foreach (Sample _ in samples)
            check.Next();
        DatasetReport report = check.Report(classes: SynthClasses.Names.Count);
        Assert.Equal((3, 12), (report.Pictures, report.ClassPixels.Count));
        FaultGroup fault = Assert.Single(report.Faults);
        Assert.Equal((DatasetFault.Unreadable, 1), (fault.Fault, fault.Count));
    }

    [Fact]
    public void It_becomes_batches_by_any_transform()
    {
        File.WriteAllLines(_folder.File("list.txt"), Enumerable.Range(0, 4).Select(i => $"images/0000{i}.png labels/0000{i}.png"));
        var dataset = new SegmentationDataset(SampleList.Read(_folder.File("list.txt"), _folder.Path), 12, LabelTransform.None);
        ISampleTransform[] transforms =
        [
            new CentreCrop(24, 16),
            new TrainAugmentation { CropWidth = 24, CropHeight = 16 },
            new Corner(),
        ];
        foreach (ISampleTransform transform in transforms)
        {
            var loader = new BatchLoader(dataset, transform, new LoaderOptions { BatchSize = 2, Seed = 1 });
            Batch[] batches = [.. loader.Read(epoch: 0, cancellation: TestContext.Current.CancellationToken)];
            Assert.Equal(loader.BatchesPerEpoch, batches.Length);
            Assert.All(batches, batch => Assert.Equal((2 * 3 * 24 * 16, 2 * 24 * 16), (batch.Images.Length, batch.Labels.Length)));
        }
    }

    [Fact]
    public void A_run_leaves_weights_that_are_loaded_like_any()
    {
        File.WriteAllText(_folder.File("run.yaml"), "TRAIN:\n  stem: [4, 4, 8]\n  planes: [4, 4, 8, 8]\n  blocks: [1, 1, 1, 1]\n");
        (TrainingConfiguration configuration, _) = ConfigurationReader.Read(
            _folder.File("run.yaml"), $"data_root={_folder.Path}", "classes=12", "train_h=16", "train_w=24", "epochs=1");
        using var device = Device.Open("cpu");
        var lines = new List<string>();
        var options = new RunOptions { Folder = _folder.File("run"), Print = lines.Add };
        TrainingRun.Run(configuration with { BatchSize = 2, Accumulation = 1 }, device, options);
        Assert.NotEmpty(lines);
        using var net = SpNet.Load(_folder.File("run/last.safetensors"), device);
        Assert.Equal(12, net.Architecture.Classes);
    }

    /// <summary>A transform of one's own.</summary>
    private sealed class Corner : ISampleTransform
    {
        public TrainSample Apply(LabelledPicture picture, SampleRandom random) =>
            picture.Crop(random.NextInt(8), random.NextInt(8), 24, 16).Normalize();
    }
}
