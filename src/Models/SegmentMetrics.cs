using System.Diagnostics.Metrics;
using SpGpu.Gpu;

namespace SpGpu.Models;

/// <summary>
/// The instruments <c>spgpu.pictures</c>, pictures that have been segmented, and <c>spgpu.segment.duration</c>, milliseconds
/// from having the device to having the labels of a picture or of several in one run. What was cancelled or failed counts in neither.
/// </summary>
internal static class SegmentMetrics
{
    private static readonly Counter<long> _pictures =
        Telemetry.Meter.CreateCounter<long>("spgpu.pictures", "{picture}", "Pictures that have been segmented");

    private static readonly Histogram<double> _duration = Telemetry.Meter.CreateHistogram<double>(
        "spgpu.segment.duration", "ms", "Time for the labels of a run, without the wait for the device");

    /// <summary>Takes down a run that is done.</summary>
    /// <param name="device">Where.</param>
    /// <param name="pictures">Of how many pictures.</param>
    /// <param name="took">How long it took.</param>
    public static void Add(Device device, int pictures, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>(Telemetry.DeviceTag, device.Name);
        _pictures.Add(pictures, tag);
        _duration.Record(took.TotalMilliseconds, tag);
    }
}
