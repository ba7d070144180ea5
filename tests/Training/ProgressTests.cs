using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>What a run says, and when.</summary>
public class ProgressTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void The_first_step_tells_how_long_an_epoch_takes_and_what_makes_it_short()
    {
        ProgressLines progress = Progress("epochs=120", "print_freq=10");
        Step(progress, 1, TimeSpan.FromSeconds(95));
        Assert.Equal(
            [
                "the first step took 95.0 s; an epoch of 1263 steps takes about 1.4 days",
                "an epoch is shorter with smaller train_h, train_w, stem, planes and blocks,",
                "a step with a smaller batch_size or accumulation; 'spgpu train --keys' has more",
                "epoch 1/120 step 1/151560 loss 1.5000 lr 0.01 0.2 images/s 166.6 days left",
            ], _lines);
        Assert.All(_lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Quick_steps_have_a_line_for_the_first_and_then_for_every_tenth()
    {
        ProgressLines progress = Progress("epochs=120", "print_freq=10");
        for (int step = 1; step <= 20; step++)
            Step(progress, step, TimeSpan.FromSeconds(0.5));
        Assert.Equal("the first step took 0.5 s; an epoch of 1263 steps takes about 0:10:31", _lines[0]);
        Assert.Equal(["epoch 1/120 step 10/151560 ", "epoch 1/120 step 20/151560 "], _lines[1..].Select(line => line[..27]));
    }

    [Fact]
    public void Slow_steps_have_a_line_a_minute()
    {
        ProgressLines progress = Progress("epochs=120", "print_freq=1000");
        for (int step = 1; step <= 9; step++)
            Step(progress, step, TimeSpan.FromSeconds(25));
        Assert.Equal(["step 4/151560", "step 7/151560"], _lines[3..].Select(line => line[12..25]));
    }

    [Fact]
    public void A_step_of_minutes_says_how_far_it_is()
    {
        ProgressLines progress = Progress("accumulation=4");
        for (int batches = 1; batches <= 4; batches++)
        {
            _clock.Now += TimeSpan.FromSeconds(40);
            progress.Batch(step: 7, epoch: 1, batches);
        }
        Assert.Equal(["epoch 1/120 step 7/151560: 2 of 4 batches"], _lines);
    }

    private ProgressLines Progress(params string[] settings) =>
        new(_lines.Add, Reading.Read(Reading.Least, settings), stepsPerEpoch: 1263, _clock);

    private void Step(ProgressLines progress, long step, TimeSpan took)
    {
        _clock.Now += took;
        progress.Step(step, epoch: 1, loss: 1.5, rate: 0.01, pictures: 16);
    }

    private sealed class ManualClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
