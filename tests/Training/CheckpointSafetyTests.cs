using Microsoft.Win32.SafeHandles;
using SpGpu.Data.Metrics;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using SpGpu.Training.Runs;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>A good checkpoint is never lost, whatever fails.</summary>
public sealed class CheckpointSafetyTests : IDisposable
{
    private const string Variance = "pretrained.layer1.0.bn1.running_var";

    private static readonly string[] _needed = ["config.yaml", "last.safetensors", "best.safetensors"];

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(FakeTrainer.Trained, float.NaN, "'head.score_layer.4.bias' is NaN")]
    [InlineData(FakeTrainer.Trained, float.NegativeInfinity, "'head.score_layer.4.bias' is infinite")]
    [InlineData(Variance, float.PositiveInfinity, "'pretrained.layer1.0.bn1.running_var' is infinite")]
    [InlineData(null, float.NaN, "the momentum of 'head.score_layer.4.bias' is NaN")]
    public void Numbers_that_are_none_do_not_replace_a_good_checkpoint(string? tensor, float value, string message)
    {
        TrainingConfiguration c = _run.Configuration();
        byte[] good = [];
        FakeTrainer trainer = null!;
        trainer = new FakeTrainer(TinyRun.Initial(c))
        {
            Loss = _ => new LossValue(1, 10),
            AfterUpdate = () =>
            {
                if (trainer.Step != 3)
                    return;
                good = File.ReadAllBytes(_run.File("out/last.safetensors"));
                StateDict spoilt = tensor is null ? trainer.SpoiltMomenta : trainer.Spoilt;
                HostTensor whole = trainer.State()[tensor ?? FakeTrainer.Trained];
                float[] values = (float[])whole.Floats.Clone();
                values[^1] = value;
                spoilt[tensor ?? FakeTrainer.Trained] = new HostTensor(values, whole.Shape);
            },
        };
        TrainingException error = Assert.Throws<TrainingException>(() => _run.Fake(c, _run.Options("out"), trainer));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{Path.Combine(_run.File("out"), "last.safetensors")}' (step 2)", error.Message, StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(_run.File("out/last.safetensors")));
        trainer = new FakeTrainer(TinyRun.Initial(c));
        _run.Fake(c, _run.Options("out", "auto"), trainer);
        Assert.Equal(15, trainer.Step);
    }

    [Fact]
    public void Numbers_that_are_none_before_the_first_checkpoint_are_said_so()
    {
        TrainingConfiguration c = _run.Configuration();
        var trainer = new FakeTrainer(TinyRun.Initial(c)) { Loss = _ => new LossValue(1, 10) };
        trainer.Spoilt[FakeTrainer.Trained] = new HostTensor([0, float.NaN, 0, 0, 0], 5);
        TrainingException error = Assert.Throws<TrainingException>(() => _run.Fake(c, _run.Options("out"), trainer));
        Assert.Contains("start anew", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_run.File("out/last.safetensors")));
    }

    [Fact]
    public void A_validation_without_a_number_is_never_the_best()
    {
        int epoch = 0;
        Validation?[] validations =
        [
            TinyRun.Score(9, 1) with { Loss = double.NaN }, TinyRun.Score(5, 5),
            TinyRun.Score(9, 1) with { Loss = double.PositiveInfinity },
            new Validation(0.5, new ConfusionMatrix(2).Score(), []),
        ];
        _run.Fake(_run.Configuration("epochs=4"), _run.Options("out"), validate: _ => validations[epoch++]);
        Assert.Equal(2, Checkpoint.Read(_run.File("out/best.safetensors")).Position.Epoch);
        Assert.Equal(validations[1]!.Scores.MeanIoUOfPresent, Checkpoint.Read(_run.File("out/last.safetensors")).Position.Best);
        Assert.Single(_run.Lines, line => line.Contains("the best so far", StringComparison.Ordinal));
    }

    [Fact]
    public void A_best_that_was_no_number_does_not_stay()
    {
        TrainingConfiguration c = _run.Configuration();
        int epoch = 0;
        _run.StopAfter(5, c, "out");
        Assert.Equal(double.NaN, Checkpoint.Read(_run.File("out/last.safetensors")).Position.Best);
        _run.Fake(c, _run.Options("out", "auto"),
            validate: _ => epoch++ == 0 ? TinyRun.Score(9, 1) with { Loss = double.NaN } : TinyRun.Score(5, 5));
        Assert.Equal(2, Checkpoint.Read(_run.File("out/best.safetensors")).Position.Epoch);
    }

    [Fact]
    public void What_fails_after_the_steps_of_an_epoch_loses_none_of_them()
    {
        TrainingConfiguration c = _run.Configuration();
        Validation Validate(StateDict state) => TinyRun.Score(1, 1);
        _run.Fake(c, _run.Options("whole"), validate: Validate);
        Assert.Throws<DeviceException>(
            () => _run.Fake(c, _run.Options("parts"), validate: _ => throw new DeviceException("no memory left")));
        Assert.Equal((5, 5), (Last().Step, Last().Batch));
        Assert.Throws<OutputException>(() => _run.Fake(c, _run.Options("parts", "auto"), validate: state =>
        {
            Directory.CreateDirectory(_run.File("parts/best.safetensors"));
            return Validate(state);
        }));
        Assert.Equal((5, 5), (Last().Step, Last().Batch));
        Directory.Delete(_run.File("parts/best.safetensors"));
        _run.Fake(c, _run.Options("parts", "auto"), validate: Validate);
        foreach (string file in (string[])["last.safetensors", "best.safetensors", "log.csv"])
            Assert.Equal(File.ReadAllBytes(_run.File($"whole/{file}")), File.ReadAllBytes(_run.File($"parts/{file}")));

        RunPosition Last() => Checkpoint.Read(_run.File("parts/last.safetensors")).Position;
    }

    [Theory]
    [InlineData("step 3/15")]
    [InlineData("epoch 1: loss")]
    public void A_line_that_nobody_takes_loses_no_step(string line)
    {
        RunOptions options = _run.Options("out") with
        {
            Print = text =>
            {
                if (text.Contains(line, StringComparison.Ordinal))
                    throw new OutputException("cannot write the output: no space is left on the disk");
            },
        };
        FakeTrainer trainer = new(TinyRun.Initial(_run.Configuration()));
        Assert.Throws<OutputException>(() => _run.Fake(_run.Configuration("save_steps=0"), options, trainer));
        Assert.Equal(trainer.Step, Checkpoint.Read(_run.File("out/last.safetensors")).Position.Step);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_disk_that_fails_at_any_moment_leaves_a_checkpoint_to_go_on_from(bool forGood)
    {
        // On Windows, where folders are not flushed, too, there are more moments than are tried.
        TrainingConfiguration c = _run.Configuration("epochs=3", "save_steps=1");
        _run.Fake(c, _run.Options("whole"), validate: _ => TinyRun.Score(1, 1));
        for (int moment = 0; moment < 20; moment++)
        {
            string folder = $"run{moment}", last = _run.File($"{folder}/last.safetensors");
            var disk = new FailingDisk(moment, forGood, last);
            _run.Lines.Clear();
            Disk.Current = disk;
            Exception? error = Record.Exception(() => _run.Fake(c, _run.Options(folder), validate: _ => TinyRun.Score(1, 1)));
            Disk.Current = null;
            // A picture is a line; what the run needs ends it.
            Assert.True(error is null
                ? _run.Lines.Any(line => line.StartsWith("warning: ", StringComparison.Ordinal))
                : error is OutputException && _needed.Any(file => error.Message.Contains(file, StringComparison.Ordinal)),
                $"moment {moment}: {error}");
            if (disk.StepBefore is { } step)
                Assert.InRange(Checkpoint.Read(last).Position.Step, step, 15);
            _run.Fake(c, _run.Options(folder, "auto"), validate: _ => TinyRun.Score(1, 1));
            foreach (string file in (string[])["last.safetensors", "best.safetensors", "log.csv"])
                Assert.Equal(File.ReadAllBytes(_run.File($"whole/{file}")), File.ReadAllBytes(_run.File($"{folder}/{file}")));
        }
    }

    [Fact]
    public void A_checkpoint_is_due_at_the_end_of_an_epoch_too()
    {
        TrainingConfiguration c = _run.Configuration("save_steps=5", "save_freq=100", "epochs=100");
        FakeTrainer trainer = null!;
        trainer =
            new FakeTrainer(TinyRun.Initial(c)) { AfterUpdate = () => { if (trainer.Step == 12) throw new DeviceException("gone"); } };
        Assert.Throws<DeviceException>(() => _run.Fake(c, _run.Options("out"), trainer));
        Assert.Equal(10, Checkpoint.Read(_run.File("out/last.safetensors")).Position.Step);
    }

    /// <summary>Fails when it is asked to flush for the given time, once or for good.</summary>
    private sealed class FailingDisk(int moment, bool forGood, string last) : Disk
    {
        private int _asked;

        /// <summary>The step of the checkpoint that was there before the file that failed first; null where there was none.</summary>
        public long? StepBefore { get; private set; }

        public override void Flush(SafeFileHandle file)
        {
            if (_asked <= moment && File.Exists(last))
                StepBefore = Checkpoint.Read(last).Position.Step;
            Ask();
        }

        public override void FlushFolder(string folder) => Ask();

        private void Ask()
        {
            int asked = _asked++;
            if (asked == moment || (forGood && asked > moment))
                throw new IOException("the disk failed");
        }
    }
}
