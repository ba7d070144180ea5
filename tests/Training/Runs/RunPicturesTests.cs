using SpGpu.Training.Runs;
using Xunit;

namespace SpGpu.Training.Tests.Runs;

/// <summary>How often a run draws.</summary>
public sealed class RunPicturesTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Pictures_take_at_most_a_tenth_of_the_time_but_for_the_last()
    {
        using var folder = RunFolder.Open(_run.File("out"), goOn: false);
        using var logs = new RunLogs(folder, [new("score", 1)], from: null, _run.Lines.Add);
        // Every look at the clock takes a second, so that each drawing does.
        var pictures = new RunPictures(folder, logs, _run.Configuration(), _run.Lines.Add, new Ticking());
        int[] drawn = [.. Enumerable.Range(0, 25).Where(_ => Draws(isLast: false))];
        Assert.Equal([0, 10, 20], drawn);
        Assert.True(Draws(isLast: true));
        Assert.Empty(_run.Lines);

        bool Draws(bool isLast)
        {
            File.Delete(folder.File("loss.png"));
            pictures.Draw([], isLast);
            return File.Exists(folder.File("loss.png"));
        }
    }

    private sealed class Ticking : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++_seconds;
    }
}
