using SpGpu.Gpu.Profiling;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>How a GPU's clocks are told.</summary>
public sealed class DeviceConditionTests
{
    [Fact]
    public void Is_one_line() => Assert.Equal(
        "1755 of 1980 MHz, memory 2619 MHz, 43 C, 612 W, not throttled",
        new DeviceCondition(1755, 1980, 2619, 43, 612.4, []).ToString());

    [Fact]
    public void Says_what_holds_the_clocks_down() => Assert.EndsWith(
        "throttled (power limit, temperature)",
        new DeviceCondition(1200, 1980, 2619, 88, 699, ["power limit", "temperature"]).ToString(), StringComparison.Ordinal);

    [Fact]
    public void What_is_not_known_is_a_dash() => Assert.Equal(
        "- of - MHz, memory - MHz, - C, - W, throttling unknown",
        new DeviceCondition(null, null, null, null, null, null).ToString());

    [Theory]
    [InlineData("cpu")]
    [InlineData("ilgpu-cpu")]
    public void Devices_without_such_a_driver_have_none(string name)
    {
        using Device device = Device.Open(name);
        Assert.Null(DeviceCondition.Of(device));
    }
}
