using SpGpu.Checks;
using SpGpu.Gpu.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(DeviceFixture))]

namespace SpGpu.Gpu.Tests;

/// <summary>The device that SPGPU_DEVICE names, <c>cpu</c> if it names none, opened once for all tests.</summary>
public sealed class DeviceFixture : IDisposable
{
    public static string Name { get; } = Environment.GetEnvironmentVariable("SPGPU_DEVICE") ?? "cpu";

    /// <summary>The largest cases that the device runs in good time; SPGPU_CASES=tiny is for interpreters.</summary>
    public static CaseSize Most =>
        Name == "ilgpu-cpu" || Environment.GetEnvironmentVariable("SPGPU_CASES") == "tiny" ? CaseSize.Tiny : CaseSize.Small;

    public Device Device { get; } = TestDevice.OpenNamed(Name);

    public void Dispose() => Device.Dispose();
}
