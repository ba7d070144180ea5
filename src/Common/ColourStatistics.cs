namespace SpGpu;

/// <summary>
/// How a network wants its pixels: (pixel - mean) / deviation of each channel, on the scale 0 to 255. Borders have the mean
/// colour, which becomes 0.
/// </summary>
public sealed class ColourStatistics
{
    /// <summary>Takes three means and three deviations above 0: red, green, blue.</summary>
    /// <exception cref="ArgumentException">There are more or fewer, or one is out of range.</exception>
    public ColourStatistics(IReadOnlyList<float> mean, IReadOnlyList<float> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Count != 3 || !mean.All(float.IsFinite))
            throw new ArgumentException("a mean colour has three finite numbers: red, green, blue", nameof(mean));
        if (deviation.Count != 3 || !deviation.All(d => d > 0 && float.IsFinite(d)))
            throw new ArgumentException("deviations are three finite numbers above 0: red, green, blue", nameof(deviation));
        Mean = [.. mean];
        Deviation = [.. deviation];
    }

    /// <summary>
    /// Those of ImageNet, which the official networks and their backbones are trained with: 255 * (0.485, 0.456, 0.406) and
    /// 255 * (0.229, 0.224, 0.225).
    /// </summary>
    public static ColourStatistics ImageNet { get; } = new([123.675f, 116.28f, 103.53f], [58.395f, 57.12f, 57.375f]);

    /// <summary>The mean of red, green and blue.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>The standard deviation of red, green and blue.</summary>
    public IReadOnlyList<float> Deviation { get; }

    /// <summary>Its kind and numbers.</summary>
    public override string ToString() => FormattableString
        .Invariant($"ColourStatistics mean {Mean[0]} {Mean[1]} {Mean[2]} deviation {Deviation[0]} {Deviation[1]} {Deviation[2]}");
}
