using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu;

/// <summary>The instrument <c>spgpu.device.memory</c>: bytes that are allocated on each device, by all who have it open.</summary>
internal static class MemoryMetrics
{
    // Devices are not kept alive by being looked at.
    private static readonly ConditionalWeakTable<Device, object?> _devices = [];

    static MemoryMetrics() => Telemetry.Meter.CreateObservableUpDownCounter(
        "spgpu.device.memory", Measure, "By", "Device memory that weights, activations and buffers have allocated");

    /// <summary>Looks at a device from now on.</summary>
    public static void Add(Device device) => _devices.Add(device, null);

    private static IEnumerable<Measurement<long>> Measure() => _devices
        .Select(pair => pair.Key)
        .Where(device => !device.IsDisposed)
        .GroupBy(device => device.Name)
        .Select(devices => new Measurement<long>(
            devices.Sum(device => device.AllocatedBytes), new KeyValuePair<string, object?>(Telemetry.DeviceTag, devices.Key)));
}
