using SpGpu.Checks;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>What a device can be opened with: a tile for its convolutions, and nothing that it has no use for.</summary>
public sealed class DeviceOptionsTests
{
    [Fact]
    public void The_chosen_tile_computes_every_convolution()
    {
        using Device device = Device.Open("ilgpu-cpu", new() { BlockTile = 64 });
        OperatorCase[] cases = [.. OperatorCases.UpTo(CaseSize.Tiny).Where(@case => @case.IsTiled)];
        string[] variants = [.. cases.Select(@case => Checked(device, @case).Variant)];
        Assert.All(variants, variant => Assert.Contains(" 64x64", variant, StringComparison.Ordinal));
        // Aligned planes have kernels of their own, which small cases must reach too.
        Assert.Contains(variants, variant => variant.Contains(" plane ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cpu", 64, "computes convolutions without tiles")]
    [InlineData("ilgpu-cpu", 128, "ilgpu-cpu has no convolution tile 128; give 64")]
    [InlineData("ilgpu-cpu", 7, "ilgpu-cpu has no convolution tile 7; give 64")]
    public void A_tile_that_the_device_has_not_is_refused(string name, int tile, string message) =>
        Assert.Contains(message, Assert.Throws<DeviceException>(() => Device.Open(name, new() { BlockTile = tile })).Message,
            StringComparison.Ordinal);

    [Theory, MemberData(nameof(Useless))]
    public void What_the_device_has_no_use_for_is_refused(DeviceOptions options, string message) =>
        Assert.Contains(message, Assert.Throws<DeviceException>(() => Device.Open("ilgpu-cpu", options)).Message, StringComparison.Ordinal);

    public static TheoryData<DeviceOptions, string> Useless => new()
    {
        { new() { Threads = 2 }, "ilgpu-cpu takes no number of threads; choose cpu" },
        { new() { Winograd = false }, "ilgpu-cpu does not compute by Winograd's algorithm; choose cpu" },
    };

    private static CheckResult Checked(Device device, OperatorCase @case)
    {
        CheckResult result = OperatorCheck.Run(device, @case);
        Assert.True(result.Passed, $"{@case.Name} {result.Variant}: {result.Message}");
        return result;
    }
}
