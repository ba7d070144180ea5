using SpGpu.Data;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using SpGpu.Training.Logs;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>The loop around a stand-in for the network.</summary>
public sealed class LoopTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Every_picture_is_seen_once_an_epoch_at_the_rate_of_its_step()
    {
        TrainingConfiguration c = _run.Configuration();
        FakeTrainer trainer = _run.Fake(c, _run.Options("out"));
        Assert.Equal(15, trainer.Step);
        Assert.All(
            trainer.Batches.Chunk(5), epoch => Assert.Equal(Enumerable.Range(0, 10), epoch.SelectMany(batch => batch.Samples).Order()));
        var schedule = new PolySchedule(0.01, 15, 0.9);
        Assert.Equal(Enumerable.Range(0, 15).Select(step => (float)schedule.Rate(step)), trainer.Rates);
        Assert.All(_run.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Accumulation_makes_one_step_of_several_batches_and_leaves_out_what_makes_none()
    {
        FakeTrainer trainer = _run.Fake(_run.Configuration("accumulation=2"), _run.Options("out"));
        Assert.Equal((6, 12), (trainer.Step, trainer.Batches.Count));
    }

    [Theory]
    [InlineData("accumulation=1", 1)]
    [InlineData("accumulation=1", 4)]
    [InlineData("accumulation=1", 5)]
    [InlineData("accumulation=1", 7)]
    [InlineData("accumulation=2", 1)]
    [InlineData("accumulation=2", 3)]
    public void Stopped_anywhere_and_resumed_it_ends_the_same(string accumulation, int stopAfter)
    {
        TrainingConfiguration c = _run.Configuration(accumulation);
        _run.Fake(c, _run.Options("whole"));
        _run.StopAfter(stopAfter, c, "parts");
        _run.Fake(c, _run.Options("parts", "auto"));
        AssertSame("last.safetensors");
        AssertSame("log.csv");
        Assert.Equal(Metrics("whole"), Metrics("parts"));
    }

    [Fact]
    public void Resuming_from_an_earlier_checkpoint_leaves_no_duplicate_in_the_logs()
    {
        TrainingConfiguration c = _run.Configuration();
        _run.Fake(c, _run.Options("whole"));
        _run.StopAfter(3, c, "parts");
        File.Copy(_run.File("parts/last.safetensors"), _run.File("early.safetensors"));
        _run.Fake(c, _run.Options("parts", "auto"));
        _run.Fake(c, _run.Options("parts", _run.File("early.safetensors")));
        AssertSame("last.safetensors");
        AssertSame("log.csv");
        Assert.Equal(Metrics("whole"), Metrics("parts"));
        Assert.Equal(Events("whole"), Events("parts"));
    }

    [Fact]
    public void Resuming_what_is_not_there_starts_anew_and_starting_anew_spares_what_is_there()
    {
        TrainingConfiguration c = _run.Configuration("epochs=1");
        _run.Fake(c, _run.Options("out", "auto"));
        OutputException error = Assert.Throws<OutputException>(() => _run.Fake(c, _run.Options("out")));
        Assert.Contains("--resume auto", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_before_the_weights_change()
    {
        TrainingConfiguration c = _run.Configuration();
        StateDict state = Initializer.Initialize(Recipe.Architecture(c).Build(), 0);
        var trainer = new FakeTrainer(state) { Loss = batch => new LossValue(batch.Index == 3 ? double.NaN : 1, 10) };
        TrainingException error = Assert.Throws<TrainingException>(() => _run.Fake(c, _run.Options("out"), trainer));
        Assert.Equal(3, trainer.Step);
        Assert.Contains("step 4 (epoch 1, learning rate 0.00818052)", error.Message, StringComparison.Ordinal);
        Assert.All(trainer.Batches[3].Samples,
            sample => Assert.Contains(FormattableString.Invariant($"{sample:00000}.png'"), error.Message, StringComparison.Ordinal));
        Assert.Equal(2, Checkpoint.Read(_run.File("out/last.safetensors")).Position.Step);
    }

    [Fact]
    public void A_batch_of_ignored_pixels_is_counted_and_left_out_of_the_averages()
    {
        TrainingConfiguration c = _run.Configuration("epochs=1");
        StateDict state = Initializer.Initialize(Recipe.Architecture(c).Build(), 0);
        var trainer = new FakeTrainer(state) { Loss = batch => batch.Index == 1 ? new LossValue(double.NaN, 0) : new LossValue(2, 10) };
        _run.Fake(c, _run.Options("out"), trainer);
        Assert.Equal(5, trainer.Step);
        Assert.Contains("1 batches all ignored", string.Join('\n', _run.Lines), StringComparison.Ordinal);
        Dictionary<string, string> metrics = Row("out/metrics.csv", 1);
        Assert.Equal(("2", "1"), (metrics["train_score_loss"], metrics["ignored_batches"]));
        Assert.Equal("", Row("out/log.csv", 2)["loss"]);
    }

    [Theory]
    [InlineData(3, "warning: all labels are 3 (or one that does not count): nothing was learned")]
    [InlineData(255, "warning: no pixel counts, all labels are ignored: nothing was learned")]
    public void Labels_of_one_class_are_warned_of(byte label, string warning)
    {
        TrainingConfiguration c = _run.Configuration("epochs=1");
        for (int i = 0; i < TinyRun.Pictures; i++)
        {
            byte[] labels = [.. Enumerable.Repeat(label, 64 * 48)];
            labels.AsSpan(0, 500).Fill(255);
            new LabelMap(labels, 64, 48).Write(_run.File($"pictures/labels/{i:00000}.png"), Palette.Distinct(5));
        }
        _run.Fake(c, _run.Options("out"));
        Assert.Single(_run.Lines, warning);
        Assert.All(_run.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Crops_far_larger_than_the_pictures_are_noted()
    {
        _run.Fake(_run.Configuration("epochs=1", "train_h=160", "train_w=160", "scale_max=1"), _run.Options("out"));
        Assert.Matches("^note: [89][0-9] % of the pixels do not count ",
            Assert.Single(_run.Lines, line => line.StartsWith("note", StringComparison.Ordinal)));
        Assert.All(_run.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Settings_that_are_hardly_meant_are_noted()
    {
        _run.Fake(_run.Configuration("epochs=1", $"val_root={_run.File("pictures")}", "ohem=true", "freeze_bn=true",
            "warmup_steps=5"), _run.Options("out"));
        Assert.Equal(
            [
                "note: 10 of 10 validation pictures are also trained on",
                "note: freeze_bn is for weights that have learned already, and there are none",
                "note: ohem leaves nothing out, as a batch has no more than ohem_min_kept pixels",
                "note: the run is over before warmup_steps are, and the rate stays below base_lr",
            ], _run.Lines.Where(line => line.StartsWith("note", StringComparison.Ordinal)));
        Assert.All(_run.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void The_best_checkpoint_is_that_of_the_best_score()
    {
        int epoch = 0;
        int[] right = [5, 9, 7];
        _run.Fake(_run.Configuration(), _run.Options("out"), validate: _ => TinyRun.Score(right[epoch++], 10));
        Checkpoint best = Checkpoint.Read(_run.File("out/best.safetensors")), last = Checkpoint.Read(_run.File("out/last.safetensors"));
        Assert.Equal((2, 10), (best.Position.Epoch, best.Position.Step));
        Assert.Equal(best.Position.Best, last.Position.Best);
        Assert.Equal("0.5", Row("out/metrics.csv", 2)["val_loss"]);
    }

    [Fact]
    public void Without_validation_pictures_of_training_are_shown()
    {
        _run.Fake(_run.Configuration("epochs=1"), _run.Options("out"));
        Assert.Equal((3 * 40, 32),
            (Data.RgbImage.Read(_run.File("out/sample-2.jpg")).Width, Data.RgbImage.Read(_run.File("out/sample-1.jpg")).Height));
        Assert.All((string[])["loss.png", "metrics.png"], curve => Assert.Equal(900, Data.RgbImage.Read(_run.File($"out/{curve}")).Width));
    }

    [Theory]
    [InlineData("batch_size=5", "batch_size 2, and it is 5 now")]
    [InlineData("manual_seed=1", "manual_seed 0, and it is 1 now")]
    [InlineData("accumulation=2", "accumulation 1, and it is 2 now")]
    [InlineData("optimizer=adam", "optimizer sgd, and it is adam now; give optimizer=sgd, or start anew with weight=")]
    public void What_would_lose_the_place_is_refused(string change, string message)
    {
        _run.StopAfter(3, _run.Configuration(), "out");
        TrainingException error =
            Assert.Throws<TrainingException>(() => _run.Fake(_run.Configuration(change), _run.Options("out", "auto")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_changes_are_said()
    {
        _run.StopAfter(3, _run.Configuration(), "out");
        _run.Fake(_run.Configuration("base_lr=0.5"), _run.Options("out", "auto"));
        Assert.Contains("note: base_lr was 0.01 and is 0.5 from here on", _run.Lines);
    }

    [Fact]
    public void What_an_older_checkpoint_does_not_tell_is_the_usual_value()
    {
        _run.StopAfter(3, _run.Configuration(), "out");
        string last = _run.File("out/last.safetensors");
        StateDict tensors = SafeTensors.Read(last);
        Dictionary<string, string> metadata = new(SafeTensors.Read(last).Metadata);
        Assert.True(metadata.Remove("config.optimizer") && metadata.Remove("config.warmup_steps"));
        SafeTensors.Write(last, tensors, metadata);
        _run.Fake(_run.Configuration("warmup_steps=2"), _run.Options("out", "auto"));
        Assert.Single(_run.Lines, line => line.StartsWith("note: ", StringComparison.Ordinal));
        Assert.Contains("note: warmup_steps was 0 and is 2 from here on", _run.Lines);
    }

    [Fact]
    public void Another_number_of_pictures_is_refused()
    {
        _run.StopAfter(3, _run.Configuration(), "out");
        File.Delete(_run.File("pictures/images/00009.png"));
        File.Delete(_run.File("pictures/labels/00009.png"));
        TrainingException error = Assert.Throws<TrainingException>(() => _run.Fake(_run.Configuration(), _run.Options("out", "auto")));
        Assert.Contains("on 10 pictures, and there are 9 now", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_batches_a_step_than_there_are_is_an_error() =>
        Assert.Contains(
            "accumulation 6",
            Assert.Throws<ConfigurationException>(() => _run.Fake(_run.Configuration("accumulation=6"), _run.Options("out"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_file_in_the_way_of_the_run_folder_is_an_error_of_one_line()
    {
        File.WriteAllText(_run.File("out"), "");
        Assert.Contains("--out", Assert.Throws<OutputException>(() => _run.Fake(_run.Configuration(), _run.Options("out"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_network_reads_a_checkpoint_as_weights()
    {
        _run.Fake(_run.Configuration("epochs=1"), _run.Options("out"));
        using var weights = WeightsFile.Open(_run.File("out/last.safetensors"));
        string[] ofRuns = ["optimizer.", "training."];
        Assert.DoesNotContain(weights.Names, name => ofRuns.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.True(LoadReport.Compare(weights, Recipe.Architecture(_run.Configuration()).Build().Parameters).IsExact);
    }

    [Theory]
    [InlineData("any", 32, 41)]
    [InlineData("8n", 32, 40)]
    [InlineData("8n + 1", 33, 41)]
    public void Weights_say_the_sizes_that_they_were_trained_on(string sizes, int height, int width)
    {
        _run.Fake(_run.Configuration("epochs=1", $"train_h={height}", $"train_w={width}"), _run.Options("out"));
        using var weights = WeightsFile.Open(_run.File("out/last.safetensors"));
        Assert.Equal(sizes, SegmentationArchitecture.Read(weights, "out").Sizes.ToString());
    }

    [Fact]
    public void What_a_killed_run_was_writing_goes_and_nothing_else()
    {
        Directory.CreateDirectory(_run.File("out"));
        File.WriteAllText(_run.File("out/.spgpu-0123456789.tmp"), "");
        File.WriteAllText(_run.File("out/mine.tmp"), "");
        _run.Fake(_run.Configuration("epochs=1"), _run.Options("out"));
        Assert.Equal([_run.File("out/mine.tmp")], Directory.GetFiles(_run.File("out"), "*.tmp"));
    }

    private void AssertSame(string file) =>
        Assert.Equal(File.ReadAllBytes(_run.File($"whole/{file}")), File.ReadAllBytes(_run.File($"parts/{file}")));

    /// <summary>The rows without the seconds at their end.</summary>
    private string[] Metrics(string folder) =>
        [.. File.ReadAllLines(_run.File($"{folder}/metrics.csv")).Select(line => line[..line.LastIndexOf(',')])];

    private (long, string, float)[] Events(string folder) =>
        [.. EventFile.Read(File.ReadAllBytes(Directory.GetFiles(_run.File(folder), "*tfevents*").Single()))
            .Select(record => record.Event).Where(e => e.Tag != "epoch/seconds").Select(e => (e.Step, e.Tag, e.Value))];

    private Dictionary<string, string> Row(string file, int row)
    {
        string[] lines = File.ReadAllLines(_run.File(file));
        return lines[0].Split(',').Zip(lines[row].Split(',')).ToDictionary();
    }
}
