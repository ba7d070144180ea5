using SpGpu.Gpu;
using SpGpu.Gpu.Tests;

namespace SpGpu.Golden;

/// <summary>The one device of a test run.</summary>
public sealed class DeviceFixture : IDisposable
{
    /// <summary>The device that SPGPU_DEVICE names; the SIMD code where it names none.</summary>
    public static string Name { get; } = Environment.GetEnvironmentVariable("SPGPU_DEVICE") is { Length: > 0 } name ? name : "cpu";

    public Device Device { get; } = TestDevice.OpenNamed(Name);

    public void Dispose() => Device.Dispose();
}
