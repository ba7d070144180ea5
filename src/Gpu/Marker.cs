namespace SpGpu.Gpu;

/// <summary>A point in the stream of a device's work.</summary>
public abstract class Marker
{
    private protected Marker()
    {
    }

    /// <summary>Milliseconds of device time from <paramref name="earlier"/> to this mark; waits until both have passed.</summary>
    /// <param name="earlier">A mark of the same device, made before this one.</param>
    /// <exception cref="ObjectDisposedException">The device has been disposed.</exception>
    public abstract double MillisecondsSince(Marker earlier);
}
