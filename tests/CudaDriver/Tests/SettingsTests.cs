using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>What the environment says.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void All_can_be_set()
    {
        Settings settings = Read(
            ("SPGPU_CUDA_SEED", "7"), ("SPGPU_CUDA_LANES", "apart"), ("SPGPU_CUDA_RACES", "0"), ("SPGPU_CUDA_LOG", "1"),
            ("SPGPU_CUDA_FAIL", "cuMemAlloc:5:2"), ("SPGPU_CUDA_SAYS", "sm=8.6,multiprocessors=4,memory=16,version=13000"),
            ("SPGPU_CUDA_PLANT", "sub.f32=add.f32"));
        Assert.Equal((7ul, false, false, true), (settings.Machine.Seed, settings.Machine.Together, settings.Machine.Races, settings.Log));
        Assert.Equal(("cuMemAlloc", 5, 2), (settings.FailingCall, settings.FailingAt, settings.FailsWith));
        Assert.Equal((8, 6, 4, 16L << 20, 13000),
            (settings.Major, settings.Minor, settings.Multiprocessors, settings.Memory, settings.Version));
        Assert.Equal("a add.f32 b", settings.Plant("a sub.f32 b"));
    }

    [Theory]
    [InlineData("SPGPU_CUDA_LANES", "alone")]
    [InlineData("SPGPU_CUDA_FAIL", "cuMemAlloc")]
    [InlineData("SPGPU_CUDA_SAYS", "colour=green")]
    [InlineData("SPGPU_CUDA_SEED", "x")]
    [InlineData("SPGPU_CUDA_PLANT", "sub")]
    public void What_makes_no_sense_is_an_error(string name, string value) => Assert.Throws<FormatException>(() => Read((name, value)));

    private static Settings Read(params (string Name, string Value)[] environment) =>
        Settings.Read(name => environment.FirstOrDefault(pair => pair.Name == name).Value);
}
