using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Training.Runs;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>
/// Checkpoints that older versions wrote: runs over the pictures of <see cref="TinyRun"/> that were stopped at step 7 of 15, in
/// the middle of an epoch. They stay as they are; a version that writes others adds its own.
/// </summary>
public sealed class OlderCheckpointTests : IDisposable
{
    private static readonly string[] _network = ["stem=[2, 2, 4]", "planes=[2, 2, 4, 4]", "pools=[4, 2]", "evaluate=false"];

    private readonly TinyRun _run = new();

    public static TheoryData<string, string[]> Checkpoints => new()
    {
        { "0.1.0/sgd", [] },
        { "0.1.0/adam", ["optimizer=adam", "base_lr=0.001", "ema=0.9"] },
    };

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Segment_pictures(string name, string[] settings)
    {
        Assert.NotNull(settings);
        using var device = Device.Open("cpu");
        using SpNet net = SpNet.Load(PathOf(name), device);
        Assert.True(net.Report.IsExact);
        Assert.Equal((LabelledPictures.Classes, (4, 2)), (net.Architecture.Classes, net.Architecture.Pools));
        LabelMap map = net.Segment(RgbImage.Read(_run.File("pictures/images/00000.png")));
        Assert.Equal((64, 48), (map.Width, map.Height));
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Go_on(string name, string[] settings)
    {
        var old = Checkpoint.Read(PathOf(name));
        Assert.Equal((7, 1, 2, TinyRun.Pictures), (old.Position.Step, old.Position.Epoch, old.Position.Batch, old.Samples));
        Assert.Equal(4, old.Totals.LossCounts[0]);
        using var device = Device.Open("cpu");
        TrainingRun.Run(_run.Configuration([.. _network, .. settings]), device, _run.Options("out", PathOf(name)));
        var last = Checkpoint.Read(_run.File("out/last.safetensors"));
        Assert.Equal((15, 3, 0), (last.Position.Step, last.Position.Epoch, last.Position.Batch));
        Assert.Equal(old.State.Names, last.State.Names);
        Assert.Equal(old.Momenta.Names, last.Momenta.Names);
        Assert.Equal(old.Average is null, last.Average is null);
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "checkpoints", $"{name}.safetensors");
}
