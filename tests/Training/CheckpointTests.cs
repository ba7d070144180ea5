using SpGpu.Data.Metrics;
using SpGpu.Data.Tests;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Runs;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>Checkpoints of runs as files.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("c.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read_back()
    {
        Example().Write(Path);
        Checkpoint read = Checkpoint.Read(Path);
        Assert.Equal(new RunPosition(1234567890123, 7, 8, 0.1 + 0.2), read.Position);
        Assert.Equal(["a.weight", "a.num_batches_tracked"], read.State.Names);
        Assert.Equal([1f, -0f, float.Epsilon], read.State["a.weight"].Floats);
        Assert.Equal([9L], (long[])read.State["a.num_batches_tracked"].Data);
        Assert.Equal([0.5f, 0.25f, 3], read.Momenta["a.weight"].Floats);
        Assert.Equal(
            [3, 0, 0, 2], [read.Totals.Pixels[0, 0], read.Totals.Pixels[0, 1], read.Totals.Pixels[1, 0], read.Totals.Pixels[1, 1]]);
        Assert.Equal([1.0 / 3, double.NaN], read.Totals.LossSums);
        Assert.Equal([4L, 0L], read.Totals.LossCounts);
        Assert.Equal("6 4", Assert.Single(read.Network, pair => pair.Key == "network.pools").Value);
        Assert.Equal((2, "0.01", 55), (read.Totals.IgnoredBatches, read.Settings["base_lr"], read.Samples));
    }

    [Fact]
    public void The_same_content_is_the_same_file()
    {
        Example().Write(Path);
        Checkpoint.Read(Path).Write(_folder.File("again.safetensors"));
        Assert.Equal(File.ReadAllBytes(Path), File.ReadAllBytes(_folder.File("again.safetensors")));
    }

    [Fact]
    public void Readers_of_weights_see_the_network_alone()
    {
        Example().Write(Path);
        using var model = WeightsFile.Open(Path);
        Assert.Equal(["a.weight", "a.num_batches_tracked"], model.Names);
    }

    [Fact]
    public void Weights_are_no_checkpoint()
    {
        SafeTensors.Write(Path, new StateDict { ["a"] = new HostTensor([1f], 1) });
        Assert.Contains("is no checkpoint of a run", Assert.Throws<WeightsException>(() => Checkpoint.Read(Path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004..............", "a zip archive, such as a PyTorch checkpoint")]
    [InlineData("<!DOCTYPE html>", "a web page")]
    public void A_file_of_another_kind_is_named_with_the_way_to_start_from_it(string content, string kind)
    {
        string path = _folder.Write("x.pth", content);
        string message = Assert.Throws<WeightsException>(() => Checkpoint.Read(path)).Message;
        Assert.Contains(kind, message, StringComparison.Ordinal);
        Assert.Contains("weight=FILE", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("best")]
    [InlineData("loss_sums")]
    public void Missing_or_wrong_metadata_is_damage(string key)
    {
        Example().Write(Path);
        Dictionary<string, string> metadata = new(SafeTensors.Read(Path).Metadata);
        StateDict tensors = SafeTensors.Read(Path);
        metadata[key] = "x";
        SafeTensors.Write(Path, tensors, metadata);
        Assert.Contains("damaged checkpoint", Assert.Throws<WeightsException>(() => Checkpoint.Read(Path)).Message,
            StringComparison.Ordinal);
        metadata.Remove(key);
        SafeTensors.Write(Path, tensors, metadata);
        Assert.Contains("damaged checkpoint", Assert.Throws<WeightsException>(() => Checkpoint.Read(Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_counted_pixels_it_is_damaged()
    {
        Example().Write(Path);
        StateDict model;
        using (var file = WeightsFile.Open(Path))
            model = StateDict.Load(file);
        SafeTensors.Write(Path, model, model.Metadata);
        Assert.Throws<WeightsException>(() => Checkpoint.Read(Path));
    }

    private static Checkpoint Example()
    {
        var state = new StateDict
        {
            ["a.weight"] = new HostTensor([1f, -0f, float.Epsilon], 3),
            ["a.num_batches_tracked"] = new HostTensor([9L]),
        };
        return new Checkpoint
        {
            State = state,
            Momenta = new StateDict { ["a.weight"] = new HostTensor([0.5f, 0.25f, 3], 3) },
            Position = new RunPosition(1234567890123, 7, 8, 0.1 + 0.2),
            Totals = new EpochTotals(new ConfusionMatrix(2, [3, 0, 0, 2]), [1.0 / 3, double.NaN], [4, 0], 2),
            Samples = 55,
            Network = new Dictionary<string, string> { ["network.pools"] = "6 4" },
            Settings = new Dictionary<string, string> { ["base_lr"] = "0.01" },
        };
    }
}
