namespace SpGpu.Gpu.Profiling;

/// <summary>One line of a profile: a kernel, or several of the same work.</summary>
/// <param name="Layer">The layer, of several the first.</param>
/// <param name="Kernel">The operator and its variant.</param>
/// <param name="Calls">How often it ran in one run of the network.</param>
/// <param name="Milliseconds">The time of all calls in one run.</param>
/// <param name="Operations">The floating-point operations of all calls.</param>
/// <param name="Bytes">The bytes that all calls must at least move.</param>
public sealed record ProfileRow(string Layer, string Kernel, int Calls, double Milliseconds, long Operations, long Bytes)
{
    /// <summary>10^9 operations a second.</summary>
    public double GigaflopsPerSecond => Rate(Operations);

    /// <summary>10^9 bytes a second.</summary>
    public double GigabytesPerSecond => Rate(Bytes);

    /// <summary>
    /// How near the kernel comes to the roofline, 1 at it. Above 1 its data came out of caches that are faster than
    /// the memory that was measured.
    /// </summary>
    public double PartOf(DeviceLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return Milliseconds > 0 ? limits.Milliseconds(Operations, Bytes) / Milliseconds : 0;
    }

    private double Rate(long count) => Milliseconds > 0 ? count / Milliseconds * 1e-6 : 0;
}
