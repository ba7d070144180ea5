using SpGpu.Data.Datasets;

namespace SpGpu.Data.Tests.Datasets;

public sealed class SegmentationDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sample_has_its_pixels_and_transformed_labels()
    {
        Sample sample = Write("a", [7, 33, 0]);
        (RgbImage image, LabelMap labels) = new SegmentationDataset([sample], 19, LabelTransform.Cityscapes).Read(0);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], image.Pixels);
        Assert.Equal([0, 18, 255], labels.Labels);
    }

    [Fact]
    public void Errors_name_the_files()
    {
        Sample bad = Write("bad", [0, 9, 9]), small = Write("small", [0]);
        Check.Throws<DatasetException>(() => new SegmentationDataset([bad], 9, LabelTransform.None).Read(0), "bad-labels.png",
            "value 9 in 2 of 3 pixels");
        Check.Throws<DatasetException>(() => new SegmentationDataset([small], 9, LabelTransform.None).Read(0), "small-labels.png",
            "small.png", "1 x 1", "3 x 1");
        Check.Throws<ImageException>(() => new SegmentationDataset([new(small.Image, small.Image)], 9, LabelTransform.None).Read(0),
            "small.png", "colours");
    }

    [Fact]
    public void Nothing_to_learn_from_is_refused()
    {
        Check.Throws<DatasetException>(() => _ = new SegmentationDataset([], 9, LabelTransform.None), "no samples");
        Check.Throws<DatasetException>(() => _ = new SegmentationDataset([new Sample("a.jpg", null)], 9, LabelTransform.None), "a.jpg",
            "no labels");
    }

    private Sample Write(string name, byte[] values)
    {
        new RgbImage([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 1, 9, PixelOrder.Rgb).Write(_folder.File($"{name}.png"));
        new LabelMap(values, values.Length, 1).Write(_folder.File($"{name}-labels.png"), Palette.Distinct(256));
        return new Sample(_folder.File($"{name}.png"), _folder.File($"{name}-labels.png"));
    }
}
