using System.Globalization;
using System.Text.Json;
using SpGpu.Cli.Verbs;
using SpGpu.Gpu;
using SpGpu.Gpu.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu devices</c> and <c>spgpu selftest</c>.</summary>
public class DeviceVerbTests
{
    [Fact]
    public void Devices_lists_what_there_is_and_why_not()
    {
        Spgpu run = Spgpu.OnScreen(80, "devices").Done();
        Assert.All(Device.List(), device =>
        {
            Assert.Contains(run.Lines, line => line.StartsWith($"{device.Name} ", StringComparison.Ordinal));
            // Reasons are broken into lines.
            Assert.Contains(Joined(device.Reason), Joined(run.Out), StringComparison.Ordinal);
        });
        using var chosen = Device.Open();
        Assert.StartsWith($"auto        takes {chosen.Name}:", run.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(run.Lines, line => line.Length > 80);
    }

    [Fact]
    public void A_processor_has_the_memory_of_the_machine()
    {
        using var json = JsonDocument.Parse(Spgpu.Run("devices", "--json", "-").Out);
        JsonElement cpu = json.RootElement.GetProperty("devices").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "cpu");
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, cpu.GetProperty("memory_bytes").GetInt64());
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("ilgpu-cpu")]
    public void Selftest_passes(string device) =>
        Assert.Matches(@"^[1-9]\d* passed, 0 failed$",
            Spgpu.Run("selftest", "--device", device, "--filter", "STRIP GATE").Done().Lines[^1]);

    [Fact]
    public void Selftest_without_a_case_is_usage() =>
        Spgpu.Run("selftest", "--device", "cpu", "--filter", "nothing like this").Fails(2, "no case has 'nothing like this'");

    [Fact]
    public void Selftest_of_a_tile_runs_what_is_computed_in_tiles()
    {
        Spgpu run = Spgpu.Run("selftest", "--device", "ilgpu-cpu", "--tile", "64", "--filter", "convolution 1x1").Done();
        Assert.Matches(@"^[1-9]\d* passed, 0 failed$", run.Lines[^1]);
        Spgpu.Run("selftest", "--device", "ilgpu-cpu", "--tile", "64", "--filter", "strip means").Fails(2, "no case has 'strip means'");
        Spgpu.Run("selftest", "--device", "cpu", "--tile", "64").Fails(4, "without tiles");
    }

    [Fact]
    public void Selftest_takes_cases_of_a_size()
    {
        int tiny = Passed("tiny"), small = Passed("small");
        Assert.InRange(tiny, 1, small - 1);
        Spgpu.Run("selftest", "--device", "cpu", "--cases", "huge").Fails(2, "give tiny or small");

        static int Passed(string size) => int.Parse(
            Spgpu.Run("selftest", "--device", "cpu", "--filter", "strip means", "--cases", size).Done().Lines[^1].Split(' ')[0],
            CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Selftest_reports_each_case_that_fails()
    {
        using var inner = Device.Open("cpu");
        using var device = new FaultyDevice(inner, (_, outputs, _) => outputs[0].Memory.Clear());
        (int code, string output) = Selftest(device, "sigmoid");
        Assert.Equal(1, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] failed = [.. lines.Where(line => line.StartsWith("FAILED ", StringComparison.Ordinal))];
        Assert.NotEmpty(failed);
        Assert.All(failed, line => Assert.Contains(": faulty ", line, StringComparison.Ordinal));
        Assert.EndsWith($" passed, {failed.Length} failed", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Selftest_goes_on_after_an_error()
    {
        using var inner = Device.Open("cpu");
        using var device = new FaultyDevice(inner, (_, _, _) => throw new InvalidOperationException("kaputt"));
        (int code, string output) = Selftest(device, "strip gate");
        Assert.Equal(1, code);
        Assert.Matches(@"FAILED .*: kaputt\n(.*\n)+0 passed, [1-9]\d* failed\n$", output);
    }

    [Fact]
    public void Selftest_goes_on_after_an_error_of_the_device_unless_it_is_lost()
    {
        using var inner = Device.Open("cpu");
        using var failing = new FaultyDevice(inner, (_, _, _) => throw new DeviceException("no memory"));
        (int code, string output) = Selftest(failing, "strip gate");
        Assert.Equal(4, code);
        Assert.Matches(@"FAILED .*: no memory\n(.*\n)+0 passed, [1-9]\d* failed\n$", output);
        using var lost = new FaultyDevice(inner, (_, _, _) => throw new DeviceException("lost")) { IsLost = true };
        Assert.Throws<DeviceException>(() => Selftest(lost, "strip gate"));
    }

    private static (int Code, string Out) Selftest(Device device, string filter)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, TextWriter.Null, isInteractive: false, TestContext.Current.CancellationToken);
        return (SelftestVerb.Run(terminal, device, filter), output.ToString());
    }

    private static string Joined(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
