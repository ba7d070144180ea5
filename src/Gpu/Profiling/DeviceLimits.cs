using SpGpu.Gpu.Kernels;

namespace SpGpu.Gpu.Profiling;

/// <summary>What a device was measured to do at best: the roofline that kernels are held against.</summary>
/// <param name="GigaflopsPerSecond">10^9 float32 operations a second.</param>
/// <param name="GigabytesPerSecond">10^9 bytes a second from or to memory.</param>
/// <param name="Compute">How the first was measured.</param>
/// <param name="Memory">How the second was measured.</param>
public sealed record DeviceLimits(double GigaflopsPerSecond, double GigabytesPerSecond, string Compute, string Memory)
{
    /// <summary>
    /// Measures a device; takes about a second. Nothing else may run on it meanwhile: the caller holds
    /// <see cref="Device.Lock"/>.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="threads">The threads that <c>cpu</c> was opened with; of no meaning for other devices.</param>
    public static DeviceLimits Measure(Device device, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device is KernelDevice kernels
            ? KernelLimits.Measure(kernels)
            : ProcessorLimits.Measure(threads == 0 ? Environment.ProcessorCount : threads);
    }

    /// <summary>
    /// The least time for an amount of work: that of the slower of computing and moving. The same as operations
    /// divided by min(peak, intensity * bandwidth), and defined without operations too.
    /// </summary>
    public double Milliseconds(long operations, long bytes) =>
        Math.Max(operations / GigaflopsPerSecond, bytes / GigabytesPerSecond) * 1e-6;
}
