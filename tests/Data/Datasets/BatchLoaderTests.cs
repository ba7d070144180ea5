using SpGpu.Data.Datasets;
using SpGpu.Data.Transforms;

namespace SpGpu.Data.Tests.Datasets;

public sealed class BatchLoaderTests : IDisposable
{
    private const int Samples = 23;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static readonly TrainAugmentation _augmentation = new() { CropWidth = 16, CropHeight = 12 };

    private static readonly LoaderOptions _options = new() { BatchSize = 4, Seed = 7, Workers = 2 };

    private readonly DatasetFolder _folder = new(Samples);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Batches_are_those_of_a_plain_loop_whatever_the_number_of_workers(int workers)
    {
        SegmentationDataset dataset = _folder.Dataset;
        Batch[] batches = [.. Read(Loader(_options with { Workers = workers }), epoch: 3)];
        Assert.Equal([0, 1, 2, 3, 4], batches.Select(batch => batch.Index));
        foreach (Batch batch in batches)
        {
            Assert.Equal((3, 4, 16, 12), (batch.Epoch, batch.Count, batch.Width, batch.Height));
            TrainSample[] expected = [.. batch.Samples.Select(index =>
            {
                (RgbImage image, LabelMap labels) = dataset.Read(index);
                return _augmentation.Apply(new LabelledPicture(image, labels), new SampleRandom(7, 3, index));
            })];
            Assert.Equal(expected.SelectMany(sample => sample.Image), batch.Images);
            Assert.Equal(expected.SelectMany(sample => sample.Labels), batch.Labels);
        }
    }

    [Fact]
    public void Resumed_epoch_goes_on_with_the_same_batches()
    {
        Batch[] whole = [.. Read(Loader(_options), epoch: 1)];
        for (int first = 0; first <= whole.Length; first++)
            Same(whole[first..], [.. Read(Loader(_options with { Workers = 3 }), epoch: 1, first)]);
        BatchLoader uneven = Loader(_options with { DropLast = false });
        Assert.Empty(Read(uneven, epoch: 1, uneven.BatchesPerEpoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(uneven, epoch: 1, uneven.BatchesPerEpoch + 1));
    }

    [Fact]
    public void Every_epoch_and_seed_has_an_order_of_its_own_and_no_sample_comes_twice()
    {
        LoaderOptions all = _options with { DropLast = false };
        int[] first = Order(all, epoch: 0), second = Order(all, epoch: 1), other = Order(all with { Seed = 8 }, epoch: 0);
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, other);
        Assert.All([first, second, other], order => Assert.Equal(Enumerable.Range(0, Samples), order.Order()));
        Assert.Equal(Enumerable.Range(0, Samples), Order(all with { Shuffle = false }, epoch: 1));
        Assert.Equal(first[..20], Order(_options, epoch: 0));
    }

    [Fact]
    public void Shuffling_gives_every_order_about_equally_often()
    {
        using var folder = new DatasetFolder(3);
        var loader = new BatchLoader(folder.Dataset, new CentreCrop(2, 2), new LoaderOptions { BatchSize = 3, Workers = 1 });
        int[] counts = [.. Enumerable.Range(0, 300).GroupBy(epoch => string.Join(' ', Read(loader, epoch).Single().Samples))
            .Select(group => group.Count())];
        Assert.Equal(6, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 25, 80)); // 50, deviation 6.5
    }

    [Theory]
    [InlineData(4, true, 5)]
    [InlineData(4, false, 6)]
    [InlineData(23, true, 1)]
    [InlineData(24, false, 1)]
    [InlineData(1, true, 23)]
    public void Last_batch_is_dropped_or_smaller(int batchSize, bool dropLast, int batches)
    {
        BatchLoader loader = Loader(_options with { BatchSize = batchSize, DropLast = dropLast });
        Assert.Equal(batches, loader.BatchesPerEpoch);
        int[] counts = [.. Read(loader, 0).Select(batch => batch.Count)];
        Assert.Equal(batches, counts.Length);
        Assert.Equal(dropLast ? batches * batchSize : Samples, counts.Sum());
        Assert.All(counts[..^1], count => Assert.Equal(batchSize, count));
    }

    [Fact]
    public void Samples_that_are_kept_change_nothing_and_are_read_once()
    {
        Batch[] expected = [.. Read(Loader(_options), 1)];
        foreach (long bytes in (long[])[long.MaxValue, 5000])
        {
            BatchLoader keeping = Loader(_options with { KeptBytes = bytes, DropLast = false });
            Assert.Equal(Samples, Read(keeping, 0).Sum(batch => batch.Count));
            Same(expected, [.. Read(keeping, 1).Take(expected.Length)]);
        }
        BatchLoader all = Loader(_options with { KeptBytes = long.MaxValue, DropLast = false });
        Assert.Equal(Samples, Read(all, 0).Sum(batch => batch.Count));
        for (int i = 0; i < Samples; i++)
            File.Delete(_folder.ImagePath(i));
        Same(expected, [.. Read(all, 1).Take(expected.Length)]);
    }

    [Fact]
    public void Batches_whose_arrays_are_used_again_are_the_same_until_the_next()
    {
        LoaderOptions all = _options with { DropLast = false };
        BatchLoader loader = Loader(all with { ReusesBatches = true }), plain = Loader(all);
        var arrays = new HashSet<float[]>(ReferenceEqualityComparer.Instance);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach ((Batch batch, Batch expected) in Read(loader, epoch).Zip(Read(plain, epoch)))
            {
                Same([expected], [batch]);
                arrays.Add(batch.Images);
            }
        }
        Assert.InRange(arrays.Count, 2, 3 * loader.BatchesPerEpoch - 6);
    }

    [Fact]
    public void Damaged_file_is_named_where_its_batch_would_come()
    {
        int[] order = Order(_options, epoch: 0);
        File.WriteAllBytes(_folder.ImagePath(order[9]), [1, 2, 3]);
        new LabelMap([9], 1, 1).Write(_folder.LabelPath(order[4]), Palette.Distinct(10));
        Fails<DatasetException>(whole: 1, $"{order[4]:D3}.png", "value 9");
        File.Delete(_folder.LabelPath(order[4]));
        Fails<ImageException>(whole: 1, $"{order[4]:D3}.png", "no such file");
        File.Copy(_folder.LabelPath(order[3]), _folder.LabelPath(order[4]));
        File.Copy(_folder.ImagePath(order[3]), _folder.ImagePath(order[4]), overwrite: true);
        Fails<ImageException>(whole: 2, $"{order[9]:D3}.png");
    }

    [Fact]
    public void Failing_transform_is_reported_with_the_picture()
    {
        Fails<ImageException>(whole: 0, new Failing(new ImageException("too large; use less")), "images", ".png': too large; use less");
        Fails<DatasetException>(whole: 0, new Failing(new TimeoutException("Out of\nluck.")), "images", "labels", ": Out of luck;");
        Fails<ConfigurationException>(whole: 0, _augmentation with { ScaleMin = -1 }, "scale_min");
    }

    [Fact]
    public async Task Leaving_an_epoch_early_ends_its_threads()
    {
        var counting = new Counting(_augmentation);
        foreach (Batch batch in Read(new BatchLoader(_folder.Dataset, counting, _options), 0))
            break;
        int made = counting.Made;
        // Four taken, and no more ahead than a batch that is put together, the next one and a sample for each worker.
        Assert.InRange(made, 4, 4 + 4 + 4 + 2);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(made, counting.Made);
    }

    [Fact]
    public async Task Cancelling_wakes_a_reader_that_waits()
    {
        using var cancellation = new CancellationTokenSource();
        using var blocked = new Blocked();
        var loader = new BatchLoader(_folder.Dataset, blocked, _options);
        Task reader = Task.Run(() => loader.Read(0, cancellation: cancellation.Token).Count(), TestContext.Current.CancellationToken);
        Assert.True(blocked.Entered.Wait(_patience, TestContext.Current.CancellationToken));
        await cancellation.CancelAsync();
        // A worker cannot be broken off in the middle of a sample; it ends with it.
        blocked.Release.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.WaitAsync(_patience, TestContext.Current.CancellationToken));
        Assert.Throws<OperationCanceledException>(() => loader.Read(0, cancellation: cancellation.Token).Count());
        Assert.InRange(blocked.Made, 1, 2);
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        Check.Throws<ConfigurationException>(() => Loader(_options with { BatchSize = 0 }), "batch_size 0");
        Check.Throws<ConfigurationException>(() => Loader(_options with { Workers = 0 }), "workers 0");
        Check.Throws<DatasetException>(() => Loader(_options with { BatchSize = 24 }), "23 samples", "batch of 24");
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(Loader(_options), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(Loader(_options), 0, -1));
        Assert.Throws<InvalidOperationException>(() => Read(new BatchLoader(_folder.Dataset, new Uncropped(), _options), 0).Count());
    }

    private BatchLoader Loader(LoaderOptions options) => new(_folder.Dataset, _augmentation, options);

    private static IEnumerable<Batch> Read(BatchLoader loader, int epoch, int firstBatch = 0) =>
        loader.Read(epoch, firstBatch, TestContext.Current.CancellationToken);

    private int[] Order(LoaderOptions options, int epoch) => [.. Read(Loader(options), epoch).SelectMany(batch => batch.Samples)];

    private void Fails<T>(int whole, params string[] parts) where T : SpGpuException => Fails<T>(whole, _augmentation, parts);

    private void Fails<T>(int whole, ISampleTransform transform, params string[] parts) where T : SpGpuException
    {
        int seen = 0;
        var loader = new BatchLoader(_folder.Dataset, transform, _options);
        Check.Throws<T>(() =>
        {
            foreach (Batch batch in Read(loader, 0))
                seen++;
        }, parts);
        Assert.Equal(whole, seen);
    }

    private static void Same(Batch[] expected, Batch[] actual)
    {
        Assert.Equal(expected.Select(batch => (batch.Epoch, batch.Index)), actual.Select(batch => (batch.Epoch, batch.Index)));
        Assert.Equal(expected.SelectMany(batch => batch.Samples), actual.SelectMany(batch => batch.Samples));
        Assert.Equal(expected.SelectMany(batch => batch.Images), actual.SelectMany(batch => batch.Images));
        Assert.Equal(expected.SelectMany(batch => batch.Labels), actual.SelectMany(batch => batch.Labels));
    }

    private sealed class Failing(Exception error) : ISampleTransform
    {
        public TrainSample Apply(LabelledPicture picture, SampleRandom random) => throw error;
    }

    private sealed class Uncropped : ISampleTransform
    {
        public TrainSample Apply(LabelledPicture picture, SampleRandom random) => picture.Normalize();
    }

    private sealed class Counting(ISampleTransform inner) : ISampleTransform
    {
        private int _made;

        public int Made => Volatile.Read(ref _made);

        public TrainSample Apply(LabelledPicture picture, SampleRandom random)
        {
            Interlocked.Increment(ref _made);
            return inner.Apply(picture, random);
        }
    }

    private sealed class Blocked : ISampleTransform, IDisposable
    {
        private int _made;

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public int Made => Volatile.Read(ref _made);

        public TrainSample Apply(LabelledPicture picture, SampleRandom random)
        {
            Interlocked.Increment(ref _made);
            Entered.Set();
            Release.Wait(_patience);
            return new CentreCrop(2, 2).Apply(picture, random);
        }

        public void Dispose()
        {
            Entered.Dispose();
            Release.Dispose();
        }
    }
}
