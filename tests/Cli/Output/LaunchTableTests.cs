using SpGpu.Cli.Output;
using SpGpu.Gpu.Profiling;
using Xunit;

namespace SpGpu.Cli.Tests.Output;

/// <summary>The second table of <c>spgpu profile</c> on CUDA.</summary>
public sealed class LaunchTableTests
{
    [Fact]
    public void Launches_that_take_the_same_are_a_line_within_80_columns()
    {
        string[] lines = Print(
            new("convolution 3x3 gathered 128x128 of a name that is long", 110, 0, 32768, 256, 27, 2, 132),
            new("strip means", 32, 16, 1024, 256, 3000, 8, 132),
            new("strip means", 32, 16, 1024, 256, 33000, 8, 132));
        Assert.Equal(
            [
                "",
                "kernel                              calls regs local shared threads mp waves",
                "conv 3x3 gathered 128x128 of a na..     1  110     0  32768     256  2 0.10",
                "strip means                             2   32    16   1024     256  8 2.8-31",
            ], lines[..4]);
        Assert.DoesNotContain(lines, line => line.Length > 80);
    }

    [Fact]
    public void Where_a_driver_tells_nothing_there_is_no_table() => Assert.Equal([""], Print());

    private static string[] Print(params KernelLaunch[] launches)
    {
        var screen = new StringWriter { NewLine = "\n" };
        LaunchTable.Print(new Terminal(screen, screen, isInteractive: true, TestContext.Current.CancellationToken, () => 80), launches);
        return screen.ToString().Split('\n');
    }
}
