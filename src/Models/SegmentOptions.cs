namespace SpGpu.Models;

/// <summary>How a picture is segmented.</summary>
public sealed record SegmentOptions
{
    /// <summary>The smallest window that can be asked for.</summary>
    public const int SmallestWindow = 16;

    /// <summary>
    /// The working resolution: a picture whose longer side is larger is reduced to it before the network sees it; the
    /// label map has the picture's own size all the same. 0 never reduces. It bounds memory: about 0.3 kB a pixel for
    /// SPNet-50, and with windows or flip 4 bytes a pixel and class.
    /// </summary>
    public int LongSide { get; init; } = 1024;

    /// <summary>
    /// The side of sliding windows, which overlap by a third and whose probabilities are averaged; 0 shows the network
    /// the whole picture at once.
    /// </summary>
    public int Window { get; init; }

    /// <summary>Whether each picture or window is also shown mirrored, and the probabilities averaged.</summary>
    public bool Flip { get; init; }

    /// <summary>Throws unless the numbers make sense.</summary>
    /// <exception cref="ConfigurationException">The message says which does not.</exception>
    public SegmentOptions Checked()
    {
        if (LongSide < 0)
            throw new ConfigurationException($"a long side of {LongSide}; give a number of pixels, or 0 for no limit");
        if (Window != 0 && Window < SmallestWindow)
            throw new ConfigurationException($"a window of {Window}; give at least {SmallestWindow} pixels, or 0 for none");
        return this;
    }
}
