using System.Collections.Concurrent;
using SpGpu.Data.Transforms;

namespace SpGpu.Data.Datasets;

/// <summary>
/// Reads and transforms the samples of a dataset on several threads and gives them in batches. What a batch holds
/// follows from the seed, the epoch and its number alone: the number of threads does not matter, and training that
/// goes on in the middle of an epoch sees what it would have seen.
/// </summary>
public sealed class BatchLoader
{
    private readonly SegmentationDataset _dataset;
    private readonly ISampleTransform _transform;
    private readonly LoaderOptions _options;
    private readonly SampleCache _cache;
    private readonly ConcurrentBag<Batch> _used = [];

    /// <summary>Makes a loader; nothing is read yet.</summary>
    /// <exception cref="ConfigurationException">
    /// The batch size or the number of workers is below 1, or batches have no such parts.
    /// </exception>
    /// <exception cref="DatasetException">An epoch would have no batch.</exception>
    public BatchLoader(SegmentationDataset dataset, ISampleTransform transform, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(options);
        if (options.BatchSize < 1)
            throw new ConfigurationException($"batch_size {options.BatchSize} is out of range; choose 1 or more");
        if (options.Workers < 1)
            throw new ConfigurationException($"workers {options.Workers} is out of range; choose 1 or more");
        if (options.BatchSize % options.Part.Count != 0)
            throw new ConfigurationException(
                $"batch_size {options.BatchSize} among {options.Part.Count} processes leaves a rest; " +
                $"choose a multiple of {options.Part.Count}");
        if (options is { Part.Count: > 1, DropLast: false })
            throw new ConfigurationException("the last batch of an epoch may be smaller, and has no parts of equal size; drop it");
        (_dataset, _transform, _options) = (dataset, transform, options);
        _cache = new SampleCache(dataset, options.KeptBytes);
        if (BatchesPerEpoch == 0)
            throw new DatasetException(
                $"{dataset.Samples.Count} samples do not fill a batch of {options.BatchSize}; choose a smaller batch_size or add samples");
    }

    /// <summary>The number of batches of every epoch.</summary>
    public int BatchesPerEpoch =>
        (int)(((long)_dataset.Samples.Count + (_options.DropLast ? 0 : _options.BatchSize - 1)) / _options.BatchSize);

    /// <summary>
    /// The batches of an epoch, from one of them to the last, read ahead by about two batches. Each enumeration has
    /// threads of its own; they end with it, so leave it by foreach or dispose its enumerator.
    /// </summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The batch to begin with; <see cref="BatchesPerEpoch"/> gives none.</param>
    /// <param name="cancellation">Ends the enumeration, also while it waits for a sample.</param>
    /// <exception cref="DatasetException">
    /// While enumerating: labels do not fit their picture or the classes, or a sample failed in an unforeseen way.
    /// </exception>
    /// <exception cref="ImageException">While enumerating: a file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: the token was cancelled.</exception>
    public IEnumerable<Batch> Read(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        return Enumerate(epoch, firstBatch, cancellation);
    }

    private IEnumerable<Batch> Enumerate(int epoch, int firstBatch, CancellationToken cancellation)
    {
        int all = _dataset.Samples.Count, size = _options.BatchSize;
        int[] order = _options.Shuffle ? EpochOrder.Shuffled(all, _options.Seed, epoch) : [.. Enumerable.Range(0, all)];
        int end = (int)Math.Min((long)BatchesPerEpoch * size, all);
        int begin = (int)Math.Min((long)firstBatch * size, end);
        ArraySegment<int> left = new(order, begin, end - begin);
        (int part, int parts) = _options.Part;
        if (parts > 1)
        {
            int whole = size;
            size /= parts;
            left = left.Where((_, i) => i % whole / size == part).ToArray();
        }
        using var workers = new OrderedWorkers<TrainSample>(left.Count, i => Load(left[i], epoch), _options.Workers,
            size + _options.Workers, cancellation);
        // Another thread puts them side by side, while the one who takes batches works on the one before.
        int batches = (left.Count + size - 1) / size;
        using var collector = new OrderedWorkers<Batch>(batches, i => Collect(workers, epoch, firstBatch + i, Samples(i)), threads: 1,
            ahead: 1, cancellation);
        for (int i = 0; i < batches; i++)
        {
            Batch batch = collector.Take();
            yield return batch;
            if (_options.ReusesBatches)
                _used.Add(batch);
        }

        ArraySegment<int> Samples(int batch) => left.Slice(batch * size, Math.Min(size, left.Count - batch * size));
    }

    private TrainSample Load(int index, int epoch)
    {
        Sample sample = _dataset.Samples[index];
        try
        {
            (RgbImage image, LabelMap labels) = _cache.Read(index);
            return Transform(new LabelledPicture(image, labels), new SampleRandom(_options.Seed, epoch, index), sample);
        }
        catch (Exception unforeseen) when (unforeseen is not SpGpuException)
        {
            string message = unforeseen.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new DatasetException(
                $"cannot load '{sample.Image}' with '{sample.Label}': {message}; check these files and the memory left", unforeseen);
        }
    }

    /// <summary>Transforms know no files, so what goes wrong there gets the picture's name here.</summary>
    private TrainSample Transform(LabelledPicture picture, SampleRandom random, Sample sample)
    {
        try
        {
            return _transform.Apply(picture, random);
        }
        catch (ImageException failed)
        {
            throw new ImageException($"'{sample.Image}': {failed.Message}", failed);
        }
    }

    private Batch Collect(OrderedWorkers<TrainSample> workers, int epoch, int index, ArraySegment<int> samples)
    {
        TrainSample first = workers.Take();
        int pixels = first.Labels.Length;
        bool reuse = _used.TryTake(out Batch? used) && used.Labels.Length == pixels * samples.Count;
        float[] images = reuse ? used!.Images : GC.AllocateUninitializedArray<float>(3 * pixels * samples.Count);
        byte[] labels = reuse ? used!.Labels : GC.AllocateUninitializedArray<byte>(pixels * samples.Count);
        for (int i = 0; i < samples.Count; i++)
        {
            TrainSample sample = i == 0 ? first : workers.Take();
            if (sample.Width != first.Width || sample.Height != first.Height)
                throw new InvalidOperationException(
                    $"a transform gave samples of {first.Width} x {first.Height} and of {sample.Width} x {sample.Height}");
            sample.Image.CopyTo(images, 3 * pixels * i);
            sample.Labels.CopyTo(labels, pixels * i);
        }
        return new Batch(epoch, index, samples, images, labels, first.Width, first.Height);
    }
}
