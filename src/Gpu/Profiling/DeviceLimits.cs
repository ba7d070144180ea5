using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu.Profiling;

/// <summary>What a device was measured to do at best: the roofline that kernels are held against.</summary>
/// <param name="GigaflopsPerSecond">10^9 float32 operations a second.</param>
/// <param name="GigabytesPerSecond">10^9 bytes a second from or to memory.</param>
/// <param name="Compute">How the first was measured.</param>
/// <param name="Memory">How the second was measured.</param>
public sealed record DeviceLimits(double GigaflopsPerSecond, double GigabytesPerSecond, string Compute, string Memory)
{
    /// <summary>
    /// Milliseconds of the smallest launch, by the clock that kernels are timed with; null where none are launched.
    /// </summary>
    public double? LaunchMilliseconds { get; init; }

    /// <summary>
    /// The caches of the processor, and the blocks that convolutions take, in words; null on other devices.
    /// </summary>
    public string? Caches { get; init; }

    /// <summary>Measures a device; takes about a second, in which other threads that use it wait.</summary>
    /// <exception cref="DeviceException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public static DeviceLimits Measure(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        lock (device.Lock)
        {
            device.ThrowIfDisposed();
            return device is KernelDevice kernels ? KernelLimits.Measure(kernels) : ProcessorLimits.Measure(((SimdDevice)device).Team.Size);
        }
    }

    /// <summary>
    /// The least time for an amount of work: that of the slower of computing and moving. The same as operations
    /// divided by min(peak, intensity * bandwidth), and defined without operations too.
    /// </summary>
    public double Milliseconds(long operations, long bytes) =>
        Math.Max(operations / GigaflopsPerSecond, bytes / GigabytesPerSecond) * 1e-6;
}
