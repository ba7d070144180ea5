using SpGpu.Gpu.Profiling;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>The arithmetic of profiles, on made-up clocks.</summary>
public class ProfilingTests
{
    private static readonly ProfileStep[] _steps =
    [
        new("a", "conv", 2_000_000, 1000),
        new("b", "copy", 0, 4_000_000),
        new("c", "conv", 2_000_000, 1000),
    ];

    [Fact]
    public void Medians_are_of_each_row_and_of_the_whole()
    {
        // The first run is a warm-up.
        Profile profile = Measure(1, [50, 50, 50], [1, 2, 3], [3, 1, 3], [2, 9, 3]);
        Assert.Equal(3, profile.Runs);
        Assert.Equal([2.0, 2.0, 3.0], profile.Rows.Select(row => row.Milliseconds));
        Assert.Equal(7, profile.TotalMilliseconds);
        Assert.Equal([0.0, 3.0, 4.0, 7.0], profile.MedianRun);
    }

    [Fact]
    public void Of_an_even_number_of_runs_the_median_is_between_the_middle_two() =>
        Assert.Equal(3.0, Measure(0, [1, 1, 0], [2, 2, 0]).TotalMilliseconds);

    [Fact]
    public void The_time_without_marks_is_a_median_without_warm_ups()
    {
        var times = new Queue<double>([50, 3, 1, 2]);
        var profile = Profile.Measure([], warmUps: 1, runs: 3, run => run switch
        {
            ProfiledRun.Marked => [new Clock(1)],
            ProfiledRun.Unmarked => [new Clock(1), new Clock(1 + times.Dequeue())],
            _ => null,
        });
        Assert.Equal(2.0, profile.UnmarkedMilliseconds);
        Assert.Null(profile.ReplayedMilliseconds);
        Assert.Empty(times);
    }

    [Fact]
    public void The_time_of_replays_is_a_median_without_warm_ups()
    {
        var times = new Queue<double>([50, 3, 1, 2]);
        var profile = Profile.Measure([], warmUps: 1, runs: 3, run => run switch
        {
            ProfiledRun.Marked => [new Clock(1)],
            ProfiledRun.Unmarked => [new Clock(1), new Clock(9)],
            _ => [new Clock(1), new Clock(1 + times.Dequeue())],
        });
        Assert.Equal(2.0, profile.ReplayedMilliseconds);
        Assert.Empty(times);
    }

    [Fact]
    public void Equal_work_is_one_row()
    {
        IReadOnlyList<ProfileRow> rows = Measure(0, [1, 3, 4]).Grouped();
        Assert.Equal([new ProfileRow("a", "conv", 2, 5, 4_000_000, 2000), new ProfileRow("b", "copy", 1, 3, 0, 4_000_000)], rows);
    }

    [Fact]
    public void Rates_and_the_roofline()
    {
        var limits = new DeviceLimits(GigaflopsPerSecond: 10, GigabytesPerSecond: 2, "", "");
        IReadOnlyList<ProfileRow> rows = Measure(0, [1, 4, 1]).Rows;
        Assert.Equal(2, rows[0].GigaflopsPerSecond, 1e-9);
        Assert.Equal(0.001, rows[0].GigabytesPerSecond, 1e-9);
        // 2 * 10^6 operations at 10 * 10^9 a second take 0.2 ms; 4 * 10^6 bytes at 2 * 10^9 a second take 2 ms.
        Assert.Equal(0.2, rows[0].PartOf(limits), 1e-9);
        Assert.Equal(0.5, rows[1].PartOf(limits), 1e-9);
    }

    [Fact]
    public void A_mark_too_few_is_an_error() =>
        Assert.Throws<ArgumentException>(() => Profile.Measure(_steps, 0, 1, _ => [new Clock(0), new Clock(1)]));

    [Fact]
    public void Limits_of_the_processor_grow_with_threads_and_are_real()
    {
        using var device = Device.Open("cpu", new() { Threads = 1 });
        var one = DeviceLimits.Measure(device);
        // From an emulated processor to one of tomorrow.
        Assert.InRange(one.GigaflopsPerSecond, 0.01, 20_000);
        Assert.InRange(one.GigabytesPerSecond, 0.01, 20_000);
        Assert.Contains("1 thread", one.Compute, StringComparison.Ordinal);
        Assert.Null(one.LaunchMilliseconds);
        // Sizes, or that nobody tells them; 6 or 12 rows.
        Assert.Matches(
            @"^(of unknown size|[\d.]+ [KM]B(, [\d.]+ [KM]B)*); tiles of (6|12) x \d+, blocks of \d+ steps: 12 KB of filters",
            one.Caches);
    }

    [Fact]
    public void Limits_of_other_devices_come_from_loops_of_their_own()
    {
        using var device = Device.Open("ilgpu-cpu");
        var limits = DeviceLimits.Measure(device);
        Assert.True(limits.GigaflopsPerSecond > 0 && limits.GigabytesPerSecond > 0, limits.ToString());
        Assert.Contains("multiply-adds in registers", limits.Compute, StringComparison.Ordinal);
        Assert.True(limits.LaunchMilliseconds > 0);
        Assert.Matches(@"^a (read|copy) of [\d.]+ MB, random numbers$", limits.Memory);
    }

    private static Profile Measure(int warmUps, params double[][] runs)
    {
        int next = 0;
        return Profile.Measure(_steps, warmUps, runs.Length - warmUps, run =>
        {
            if (run != ProfiledRun.Marked)
                return [new Clock(0), new Clock(1)];
            // Clocks do not start at zero.
            double now = 1000;
            return [new Clock(now), .. runs[next++].Select(time => new Clock(now += time))];
        });
    }

    private sealed class Clock(double milliseconds) : Marker
    {
        private readonly double _milliseconds = milliseconds;

        public override double MillisecondsSince(Marker earlier) => _milliseconds - ((Clock)earlier)._milliseconds;
    }
}
