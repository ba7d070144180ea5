namespace SpGpu.Data.Datasets;

/// <summary>Samples with the rule that makes labels of their files.</summary>
public sealed class SegmentationDataset
{
    private readonly LabelTransform _transform;

    /// <summary>Makes a dataset; no file is opened yet.</summary>
    /// <param name="samples">At least one, all with labels.</param>
    /// <param name="classes">The number of classes, 1 to 255.</param>
    /// <param name="transform">What turns the values of the label files into labels.</param>
    /// <exception cref="DatasetException">There are no samples, or one has no labels.</exception>
    public SegmentationDataset(IReadOnlyList<Sample> samples, int classes, LabelTransform transform)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, LabelMap.Ignore);
        if (samples.Count == 0)
            throw new DatasetException("a dataset has no samples; name a list or a folder that has some");
        if (samples.FirstOrDefault(sample => sample.Label is null) is { } bare)
            throw new DatasetException($"'{bare.Image}' has no labels; use a list with two columns");
        Samples = samples;
        Classes = classes;
        _transform = transform;
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>How many pixels of all label files each class has; pictures are not looked at.</summary>
    /// <param name="threads">How many threads read, at least 1.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ImageException">A file cannot be read.</exception>
    /// <exception cref="DatasetException">A label is of no class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<long> CountPixels(int threads, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var all = new long[Classes];
        using var workers = new OrderedWorkers<long[]>(Samples.Count, CountPixels, threads, 2 * threads, cancellation);
        for (int i = 0; i < Samples.Count; i++)
        {
            long[] counts = workers.Take();
            for (int label = 0; label < all.Length; label++)
                all[label] += counts[label];
        }
        return all;
    }

    private long[] CountPixels(int index)
    {
        var counts = new long[256];
        foreach (byte label in ReadLabels(Samples[index]).Labels)
            counts[label]++;
        return counts;
    }

    private LabelMap ReadLabels(Sample sample) => _transform.Apply(LabelMap.Read(sample.Label!), Classes, sample.Label!);

    /// <summary>Reads a sample; its labels are checked against the classes and the picture's size.</summary>
    /// <exception cref="ImageException">A file cannot be read.</exception>
    /// <exception cref="DatasetException">A label is of no class, or the two sizes differ.</exception>
    public (RgbImage Image, LabelMap Labels) Read(int index)
    {
        Sample sample = Samples[index];
        RgbImage image = RgbImage.Read(sample.Image);
        LabelMap labels = ReadLabels(sample);
        if (image.Width != labels.Width || image.Height != labels.Height)
        {
            throw new DatasetException(
                $"'{sample.Label}' has {labels.Width} x {labels.Height} pixels and its picture '{sample.Image}' {image.Width} x " +
                $"{image.Height} (turned as EXIF says); make them the same size");
        }
        return (image, labels);
    }
}
