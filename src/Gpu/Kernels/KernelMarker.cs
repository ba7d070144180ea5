using System.Diagnostics;
using ILGPU.Runtime;

namespace SpGpu.Gpu.Kernels;

/// <summary>A mark on the device's own clock.</summary>
internal sealed class KernelMarker(KernelDevice device, ProfilingMarker marker) : Marker
{
    private readonly ProfilingMarker _marker = marker;

    public override double MillisecondsSince(Marker earlier)
    {
        lock (device.Lock)
        {
            device.ThrowIfDisposed();
            return device.Driver.Call(DriverCall.Mark, "waiting for a mark", () =>
            {
                _marker.Synchronize();
                return _marker.MeasureFrom(((KernelMarker)earlier)._marker).TotalMilliseconds;
            });
        }
    }
}

/// <summary>
/// A mark on the host's clock, made when all work before it is done: for accelerators of contexts without profiling.
/// </summary>
internal sealed class HostMarker : Marker
{
    private readonly long _timestamp = Stopwatch.GetTimestamp();

    public override double MillisecondsSince(Marker earlier) =>
        Stopwatch.GetElapsedTime(((HostMarker)earlier)._timestamp, _timestamp).TotalMilliseconds;
}
