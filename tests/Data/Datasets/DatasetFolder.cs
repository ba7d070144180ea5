using SpGpu.Data.Datasets;

namespace SpGpu.Data.Tests.Datasets;

/// <summary>A folder with pictures of about 20 x 16 pixels and labels of 5 classes.</summary>
internal sealed class DatasetFolder : IDisposable
{
    public const int Classes = 5;

    private readonly TemporaryFolder _folder = new();

    public DatasetFolder(int samples)
    {
        Directory.CreateDirectory(_folder.File("images"));
        Directory.CreateDirectory(_folder.File("labels"));
        var random = new Random(17);
        for (int i = 0; i < samples; i++)
        {
            int width = 18 + i % 5, height = 14 + i % 4;
            byte[] pixels = new byte[3 * width * height];
            random.NextBytes(pixels);
            byte[] labels = [.. Enumerable.Range(0, width * height).Select(_ => (byte)random.Next(Classes))];
            new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb).Write(ImagePath(i));
            new LabelMap(labels, width, height).Write(LabelPath(i), Palette.Distinct(Classes));
        }
        Dataset = new SegmentationDataset(SampleFolder.Read(_folder.Path), Classes, LabelTransform.None);
    }

    /// <summary>Listed once, so that files that go later are missed when they are read.</summary>
    public SegmentationDataset Dataset { get; }

    public string ImagePath(int i) => _folder.File($"images/{i:D3}.png");

    public string LabelPath(int i) => _folder.File($"labels/{i:D3}.png");

    public void Dispose() => _folder.Dispose();
}
