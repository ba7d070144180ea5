namespace SpGpu.Data.Metrics;

/// <summary>
/// How good predictions are, by the formulas of the official evaluation. For each class, I counts the pixels where it
/// is predicted and right, T those where it is right, P those where it is predicted; U = T + P - I.
/// </summary>
public sealed class SegmentationScores
{
    // Keeps classes that do not occur at 0 instead of 0 / 0.
    private const double Epsilon = 1e-10;

    private readonly long[] _union;

    internal SegmentationScores(long[] right, long[] labelled, long[] predicted)
    {
        ClassPixels = labelled;
        _union = [.. right.Select((count, c) => labelled[c] + predicted[c] - count)];
        ClassIoU = [.. right.Select((count, c) => count / (_union[c] + Epsilon))];
        ClassAccuracy = [.. right.Select((count, c) => count / (labelled[c] + Epsilon))];
        MeanIoU = ClassIoU.Average();
        MeanAccuracy = ClassAccuracy.Average();
        MeanIoUOfPresent = ClassIoU.Where((_, c) => IsPresent(c)).DefaultIfEmpty().Average();
        PixelAccuracy = right.Sum() / (labelled.Sum() + Epsilon);
    }

    /// <summary>T, the pixels of each class.</summary>
    public IReadOnlyList<long> ClassPixels { get; }

    /// <summary>I / (U + 1e-10) of each class.</summary>
    public IReadOnlyList<double> ClassIoU { get; }

    /// <summary>I / (T + 1e-10) of each class.</summary>
    public IReadOnlyList<double> ClassAccuracy { get; }

    /// <summary>The mean of <see cref="ClassIoU"/> over all classes; one that does not occur counts as 0, as officially.</summary>
    public double MeanIoU { get; }

    /// <summary>
    /// The mean of <see cref="ClassIoU"/> over the classes that are right or predicted somewhere (U above 0); 0 if none.
    /// </summary>
    public double MeanIoUOfPresent { get; }

    /// <summary>The mean of <see cref="ClassAccuracy"/> over all classes.</summary>
    public double MeanAccuracy { get; }

    /// <summary>The sum of I / (the sum of T + 1e-10): the share of pixels that are right.</summary>
    public double PixelAccuracy { get; }

    /// <summary>Whether a class is right or predicted somewhere: U above 0.</summary>
    public bool IsPresent(int index) => _union[index] > 0;
}
