using System.Collections.Concurrent;

namespace SpGpu.Data.Datasets;

/// <summary>Samples of a dataset as they were read, as many as fit. Several threads may read.</summary>
/// <param name="dataset">Reads them.</param>
/// <param name="bytes">How much memory they may take.</param>
internal sealed class SampleCache(SegmentationDataset dataset, long bytes)
{
    private readonly ConcurrentDictionary<int, (RgbImage Image, LabelMap Labels)> _kept = new();
    private long _left = bytes;

    /// <summary>A sample, from memory or its files; nobody may change it.</summary>
    /// <exception cref="ImageException">A file cannot be read.</exception>
    /// <exception cref="DatasetException">A label is of no class, or the two sizes differ.</exception>
    public (RgbImage Image, LabelMap Labels) Read(int index)
    {
        if (_kept.TryGetValue(index, out (RgbImage Image, LabelMap Labels) sample))
            return sample;
        sample = dataset.Read(index);
        long size = sample.Image.Pixels.LongLength + sample.Labels.Labels.LongLength;
        if (Interlocked.Add(ref _left, -size) < 0 || !_kept.TryAdd(index, sample))
            Interlocked.Add(ref _left, size);
        return sample;
    }
}
