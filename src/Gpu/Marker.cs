namespace SpGpu.Gpu;

/// <summary>A point in the stream of a device's work.</summary>
public abstract class Marker
{
    /// <summary>Milliseconds of device time from <paramref name="earlier"/> to this mark; waits until both have passed.</summary>
    public abstract double MillisecondsSince(Marker earlier);
}
