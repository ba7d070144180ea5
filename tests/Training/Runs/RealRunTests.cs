using System.Globalization;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests.Runs;

/// <summary>Small runs of a real network.</summary>
public sealed class RealRunTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    /// <summary>
    /// Recorded from the first run; they guard against changes that no other test sees. The rate is small and the grids
    /// are too: else the rounding of another instruction set grows to a hundredth within ten steps.
    /// </summary>
    [Fact]
    public void The_first_ten_losses_are_those_that_were_recorded()
    {
        double[] recorded = [2.2107041, 2.2171762, 2.4132196, 2.2355457, 2.3703012, 2.2802866, 2.2068157, 2.2278971, 2.2772264, 2.2607845];
        Train("out", threads: 0, "epochs=5", "batch_size=5", "base_lr=0.0001", "pools=[4, 2]");
        double[] losses = [.. File.ReadLines(_run.File("out/log.csv")).Skip(1)
            .Select(line => double.Parse(line.Split(',')[3], CultureInfo.InvariantCulture))];
        Assert.Equal(10, losses.Length);
        Assert.All(
            losses.Zip(recorded), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-4 * pair.Second, string.Join(", ", losses)));
    }

    [Theory]
    [InlineData("accumulation=1")]
    [InlineData("accumulation=2", "ohem=true", "ohem_min_kept=300", "class_weights=[1, 2, 0.5, 1, 1]", "recompute=true")]
    [InlineData("freeze_bn=true", "aux_weight=0", "spm_on=false")]
    [InlineData("optimizer=adam", "base_lr=0.001", "warmup_steps=3", "ema=0.9")]
    public void Neither_threads_nor_workers_nor_the_run_change_a_bit(params string[] settings)
    {
        Train("one", 1, ["epochs=2", "workers=1", .. settings]);
        Train("four", 4, ["epochs=2", "workers=4", .. settings]);
        foreach (string file in (string[])["last.safetensors", "best.safetensors", "log.csv"])
            Assert.Equal(File.ReadAllBytes(_run.File($"one/{file}")), File.ReadAllBytes(_run.File($"four/{file}")));
    }

    /// <summary>Validations of all kinds of batches: larger than those of training, and a last one that is smaller.</summary>
    [Theory]
    [InlineData("accumulation=2", "class_weights=[1, 2, 0.5, 1, 1]")]
    [InlineData("freeze_bn=true", "aux_weight=0", "batch_size_val=3")]
    [InlineData("optimizer=adam", "base_lr=0.001", "warmup_steps=8", "accumulation=2", "ema=0.9")]
    public void Validations_change_nothing_that_is_learned_nor_does_a_stop_between_them(params string[] settings)
    {
        string[] all = ["epochs=3", "batch_size_val=4", .. settings];
        Train("without", 2, [.. all, "evaluate=false"]);
        Train("with", 2, all);
        using (var stop = new CancellationTokenSource())
        {
            RunOptions options = _run.Options("parts", stop: stop) with { Print = line => StopAt(line, "epoch 2: loss", stop) };
            Assert.Throws<OperationCanceledException>(() => Train(options, 2, all));
        }
        Train(_run.Options("parts", "auto"), 2, all);
        var without = Checkpoint.Read(_run.File("without/last.safetensors"));
        var with = Checkpoint.Read(_run.File("with/last.safetensors"));
        AssertSame(without.State, with.State);
        AssertSame(without.Momenta, with.Momenta);
        foreach (string file in (string[])["last.safetensors", "best.safetensors", "log.csv"])
            Assert.Equal(File.ReadAllBytes(_run.File($"with/{file}")), File.ReadAllBytes(_run.File($"parts/{file}")));
    }

    [Theory]
    // Seeds and vectors of other widths give 0.56 to 0.68.
    [InlineData(0.5, "base_lr=0.05")]
    [InlineData(0.5, "optimizer=adam", "base_lr=0.03", "head_lr_factor=1", "warmup_steps=10")]
    [InlineData(0.5, "base_lr=0.05", "skip=true")]
    public void It_learns(double least, params string[] settings)
    {
        Train("out", 0, ["epochs=30", "scale_min=1", "scale_max=1", .. settings]);
        string[] last = File.ReadLines(_run.File("out/metrics.csv")).Last().Split(',');
        string[] heading = File.ReadLines(_run.File("out/metrics.csv")).First().Split(',');
        double right = double.Parse(last[Array.IndexOf(heading, "val_pixel_accuracy")], CultureInfo.InvariantCulture);
        Assert.True(right > least, $"{right:0.000} of the pixels are right after training, 0.35 are of the most frequent class");
    }

    [Fact]
    public void A_checkpoint_segments_pictures()
    {
        Train("out", 0, "epochs=1", "pools=[4, 2]", "names=[a, b, c, d, e]", $"colors_path={Colours()}", "class_iou=true");
        using var device = Device.Open("cpu");
        using SpNet net = SpNet.Load(_run.File("out/last.safetensors"), device);
        Assert.Equal(LabelledPictures.Classes, net.Architecture.Classes);
        Assert.Equal((4, 2), net.Architecture.Pools);
        Assert.True(net.Report.IsExact);
        Assert.False(net.Architecture.Skip);
        Assert.Equal(["a", "b", "c", "d", "e"], net.Classes.Names!);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => new Rgb((byte)i, 0, 9)), net.Classes.Colours!);
        Assert.Matches("^  a 0[.][0-9]{3}  b 0[.][0-9]{3}  c 0[.]",
            Assert.Single(_run.Lines, line => line.StartsWith("  ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_network_with_a_skip_goes_on_and_segments_pictures()
    {
        Train("out", 0, "epochs=1", "skip=true");
        using var device = Device.Open("cpu");
        using SpNet net = SpNet.Load(_run.File("out/last.safetensors"), device);
        Assert.True(net.Architecture.Skip);
        Assert.True(net.Report.IsExact);
        LabelMap map = net.Segment(RgbImage.Read(_run.File("pictures/images/00000.png")));
        Assert.Equal((64, 48), (map.Width, map.Height));
        Train(_run.Options("parts", "auto"), 0, "epochs=2", "skip=true", $"resume={_run.File("out/last.safetensors")}");
    }

    [Fact]
    public void A_checkpoint_says_which_pictures_it_was_trained_on()
    {
        Train("out", 0, "epochs=1");
        using WeightsFile weights = WeightsFile.Open(_run.File("out/last.safetensors"));
        // As zlib.crc32 of Python has it for the ten names, a line each.
        Assert.Equal(new TrainedOn(TinyRun.Pictures, "260ab02b"), TrainedOn.Read(weights.Metadata));
        string converted = _run.File("converted.safetensors");
        weights.Convert(converted);
        using WeightsFile again = WeightsFile.Open(converted);
        Assert.Equal(TrainedOn.Read(weights.Metadata), TrainedOn.Read(again.Metadata));
    }

    private string Colours()
    {
        File.WriteAllLines(_run.File("colours.txt"), Enumerable.Range(1, 6).Select(i => $"{i} 0 9"));
        return _run.File("colours.txt");
    }

    private void Train(string folder, int threads, params string[] settings) => Train(_run.Options(folder), threads, settings);

    private void Train(RunOptions options, int threads, params string[] settings)
    {
        using var device = Device.Open("cpu", new() { Threads = threads });
        TrainingConfiguration configuration = _run.Configuration([$"val_root={_run.File("pictures")}", .. settings]);
        TrainingRun.Run(configuration, device, options);
    }

    private static void StopAt(string line, string beginning, CancellationTokenSource stop)
    {
        if (line.StartsWith(beginning, StringComparison.Ordinal))
            stop.Cancel();
    }

    private static void AssertSame(StateDict expected, StateDict actual)
    {
        Assert.Equal(expected.Names, actual.Names);
        foreach ((string name, HostTensor tensor) in expected)
            Assert.True(tensor.Data.Cast<object>().SequenceEqual(actual[name].Data.Cast<object>()), $"{name} differs");
    }
}
