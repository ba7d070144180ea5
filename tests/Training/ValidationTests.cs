using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Data.Transforms;
using SpGpu.Layers;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>What a validation makes of its batches.</summary>
public sealed class ValidationTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Losses_count_by_their_pixels_and_batches_without_any_do_not()
    {
        LossValue[] losses = [new(1, 10), new(double.NaN, 0), new(4, 30)];
        Validation validation = Run(batch => losses[batch.Index]);
        Assert.Equal((10 * 1 + 30 * 4) / 40.0, validation.Loss);
        Assert.Equal(TinyRun.Pictures * 48 * 64L, validation.Scores.ClassPixels.Sum());
    }

    [Fact]
    public void Where_no_pixel_counts_there_is_no_loss() => Assert.Equal(double.NaN, Run(_ => new(double.NaN, 0)).Loss);

    [Fact]
    public void A_loss_that_is_no_number_stays_so() =>
        Assert.Equal(double.NaN, Run(batch => new(batch.Index == 1 ? double.NaN : 1, 10)).Loss);

    [Fact]
    public void The_first_samples_are_shown()
    {
        Validation validation = Run(_ => new(1, 10));
        Assert.Equal(SamplePicture.Most, validation.Pictures.Count);
        RgbImage first = RgbImage.Read(_run.File("pictures/images/00000.png"));
        Assert.Equal(first.Pixels.ToArray(), validation.Pictures[0].Image.Pixels.ToArray());
    }

    /// <summary>Batches of 4, 4 and 2 pictures.</summary>
    private Validation Run(Func<Batch, LossValue> loss)
    {
        TrainingConfiguration c = _run.Configuration();
        var dataset = new SegmentationDataset(SampleFolder.Read(_run.File("pictures")), LabelledPictures.Classes, LabelTransform.None);
        var loader = new BatchLoader(dataset, new CentreCrop(64, 48), new() { BatchSize = 4, Shuffle = false, DropLast = false });
        using var trainer = new FakeTrainer(TinyRun.Initial(c)) { Loss = loss };
        return Validation.Run(trainer, LabelledPictures.Classes, loader, null, _run.Lines.Add, TestContext.Current.CancellationToken);
    }
}
