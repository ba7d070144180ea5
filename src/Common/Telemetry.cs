using System.Diagnostics.Metrics;

namespace SpGpu;

/// <summary>What monitoring can listen to: the instruments of all libraries belong to one meter.</summary>
internal static class Telemetry
{
    /// <summary>The tag with the device's name, such as <c>cuda:0</c>.</summary>
    public const string DeviceTag = "device";

    public static Meter Meter { get; } = new("SpGpu");
}
