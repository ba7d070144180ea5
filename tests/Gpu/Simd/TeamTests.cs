using System.Diagnostics;
using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Simd;

public sealed class TeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryShareIsDoneOnceARound(int size)
    {
        using var team = new Team(size);
        var work = new Counting(size);
        for (int round = 0; round < 20_000; round++)
            team.Run(work);
        Assert.All(work.Counts, count => Assert.Equal(20_000, count));
    }

    /// <summary>
    /// Pauses of all lengths about the time after which a thread goes to sleep: a wake-up that got lost would hang.
    /// </summary>
    [Fact]
    public void ThreadsThatFallAsleepAreWoken()
    {
        using var team = new Team(3);
        var work = new Counting(3);
        var random = new Random(1);
        var watch = Stopwatch.StartNew();
        int rounds = 0;
        while (watch.ElapsedMilliseconds < 2000)
        {
            team.Run(work);
            rounds++;
            long until = Stopwatch.GetTimestamp() + random.Next((int)(Stopwatch.Frequency / 300));
            while (Stopwatch.GetTimestamp() < until)
                Thread.SpinWait(20);
        }
        Assert.All(work.Counts, count => Assert.Equal(rounds, count));
    }

    [Fact]
    public void AnErrorOfAnyShareReachesTheCaller()
    {
        using var team = new Team(3);
        for (int failing = 0; failing < 3; failing++)
        {
            Exception error = Assert.Throws<InvalidOperationException>(() => team.Run(new Failing(failing)));
            Assert.Equal("planted", (error.InnerException ?? error).Message);
        }
        var work = new Counting(3);
        team.Run(work);
        Assert.All(work.Counts, count => Assert.Equal(1, count));
    }

    private sealed class Counting(int size) : ITeamWork
    {
        public int[] Counts { get; } = new int[size];

        public void Execute(int worker, int workers) => Interlocked.Increment(ref Counts[worker]);
    }

    private sealed class Failing(int failing) : ITeamWork
    {
        public void Execute(int worker, int workers)
        {
            if (worker == failing)
                throw new InvalidOperationException("planted");
        }
    }
}
