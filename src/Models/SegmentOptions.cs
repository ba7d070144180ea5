using SpGpu.Data;

namespace SpGpu.Models;

/// <summary>How a picture is segmented.</summary>
public sealed record SegmentOptions
{
    /// <summary>The smallest window that can be asked for.</summary>
    public const int SmallestWindow = 16;

    /// <summary>That of a square picture with the most pixels that are read.</summary>
    private const int LargestWindow = 10_000;

    /// <summary>The smallest scale that can be asked for.</summary>
    public const double SmallestScale = 0.05;

    /// <summary>The largest scale that can be asked for.</summary>
    public const double LargestScale = 8;

    /// <summary>
    /// The working resolution: a picture whose longer side is larger is reduced to it before the network sees it; the
    /// label map has the picture's own size all the same. 0 never reduces. It bounds memory: about 0.3 kB a pixel for
    /// SPNet-50, and with windows, flip or scales 4 bytes a pixel of each scaled picture and class.
    /// </summary>
    public int LongSide { get; init; } = 1024;

    /// <summary>
    /// The side of sliding windows, 16 to 10,000, which overlap by a third and whose probabilities are averaged; 0 shows
    /// the network the whole picture at once.
    /// </summary>
    public int Window { get; init; }

    /// <summary>Whether each picture or window is also shown mirrored, and the probabilities averaged.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// The scales at which the picture is shown; the probabilities of all are averaged at the picture's own size, as
    /// the official test procedure does (its multi-scale test takes 0.5 to 1.75 in steps of 0.25).
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>
    /// The longer side at scale 1 of the official test procedure, to which a smaller picture is enlarged. 0 takes the
    /// picture's own longer side, at most <see cref="LongSide"/>, which plays no part otherwise.
    /// </summary>
    public int BaseSize { get; init; }

    /// <summary>
    /// Whether the label map has the probability of each label too (<see cref="LabelMap.Confidence"/>), the average over all
    /// views. Labels are then those of the averaged probabilities, for which a picture that the network sees whole and reduced
    /// to <see cref="LongSide"/> has other labels at some borders; and probabilities take memory as with windows.
    /// </summary>
    public bool Confidence { get; init; }

    /// <summary>The official test of ADE20K: a longer side of 512, windows of 480, mirrored too.</summary>
    public static SegmentOptions OfficialAde20k { get; } = new() { BaseSize = 512, Window = 480, Flip = true };

    /// <summary>The official test of Cityscapes: a longer side of 2048, windows of 768, mirrored too.</summary>
    public static SegmentOptions OfficialCityscapes { get; } = new() { BaseSize = 2048, Window = 768, Flip = true };

    /// <summary>
    /// Whether the network sees the picture once, whole and as it is, but for the working resolution, and no probabilities are
    /// needed.
    /// </summary>
    internal bool IsWhole => Window == 0 && !Flip && BaseSize == 0 && Scales is [1] && !Confidence;

    /// <summary>Throws unless the numbers make sense.</summary>
    /// <exception cref="ConfigurationException">The message says which does not.</exception>
    public SegmentOptions Checked()
    {
        if (LongSide < 0)
            throw new ConfigurationException($"a long side of {LongSide}; give a number of pixels, or 0 for no limit");
        if (Window != 0 && Window < SmallestWindow)
            throw new ConfigurationException($"a window of {Window}; give at least {SmallestWindow} pixels, or 0 for none");
        if (Window > LargestWindow)
            throw new ConfigurationException($"a window of {Window}; give at most {LargestWindow} pixels, or 0 for none");
        if (BaseSize < 0)
            throw new ConfigurationException($"a base size of {BaseSize}; give a number of pixels, or 0 for the picture's own");
        if (Scales is not { Count: > 0 })
            throw new ConfigurationException("no scales; give at least one, 1 for the picture as it is");
        foreach (double scale in Scales)
        {
            if (!(scale >= SmallestScale && scale <= LargestScale))
            {
                throw new ConfigurationException(
                    FormattableString.Invariant($"a scale of {scale}; give numbers from {SmallestScale} to {LargestScale}"));
            }
        }
        return this;
    }
}
