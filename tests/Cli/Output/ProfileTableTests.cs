using SpGpu.Cli.Output;
using SpGpu.Gpu.Profiling;
using Xunit;

namespace SpGpu.Cli.Tests.Output;

/// <summary>The table of <c>spgpu profile</c>, of made-up times.</summary>
public class ProfileTableTests
{
    [Fact]
    public void A_line_of_the_table_has_each_number_in_its_column()
    {
        var limits = new DeviceLimits(GigaflopsPerSecond: 400, GigabytesPerSecond: 50, "c", "m");
        // 2 * 10^9 operations take 5 ms at best, 10^8 bytes 2 ms; 8 ms of 32 are a quarter.
        ProfileRow[] rows =
            [new("pretrained.a", "convolution 3x3", 3, 8, 2_000_000_000, 100_000_000), new("b", "copy", 1, 24, 0, 300_000_000)];
        using var output = new StringWriter { NewLine = "\n" };
        ProfileTable.Print(new Terminal(output, TextWriter.Null, isInteractive: false, TestContext.Current.CancellationToken),
            rows, limits);
        string[] lines = output.ToString().Split('\n');
        Assert.Equal(["layer", "kernel", "calls", "ms", "share", "GFLOP/s", "GB/s", "limit"],
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("a                  conv 3x3                 3    8.000  25.0   250.0  12.5    63", lines[1]);
        Assert.Equal("b                  copy                     1   24.000  75.0       0  12.5    25", lines[2]);
        Assert.Contains("400.0 GFLOP/s (c)", lines[4], StringComparison.Ordinal);
        Assert.Contains("50.0 GB/s (m)", lines[5], StringComparison.Ordinal);
        Assert.DoesNotContain("launch:", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(1, 3)]
    [InlineData(9, 4)]
    public void Calls_that_take_little_more_than_a_launch_are_counted(double launch, int calls)
    {
        var limits = new DeviceLimits(GigaflopsPerSecond: 400, GigabytesPerSecond: 50, "c", "m") { LaunchMilliseconds = launch };
        using var output = new StringWriter { NewLine = "\n" };
        ProfileTable.Print(new Terminal(output, TextWriter.Null, isInteractive: false, TestContext.Current.CancellationToken),
            [new("a", "convolution", 3, 8, 1, 1), new("b", "copy", 1, 24, 0, 1)], limits);
        Assert.Contains($"; {calls} of 4 calls take less than 3 times", output.ToString(), StringComparison.Ordinal);
    }
}
