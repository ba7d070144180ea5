namespace SpGpu.Data.Tests;

public class PictureReaderTests
{
    [Fact]
    public void Pictures_come_in_order_and_one_that_cannot_be_read_stops_no_other()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [.. Enumerable.Range(1, 4).Select(i => Path.Combine(folder.Path, $"{i}.png"))];
        foreach (int width in (int[])[1, 2, 4])
            new RgbImage(new byte[3 * width], width, 1, 3 * width, PixelOrder.Rgb).Write(paths[width - 1]);
        var reader = new PictureReader(paths);
        Assert.Equal(1, reader.Take().Width);
        reader.Begin();
        reader.Begin();
        Assert.Equal(2, reader.Take().Width);
        reader.Begin();
        Assert.Contains("3.png", Assert.Throws<ImageException>(() => reader.Take()).Message, StringComparison.Ordinal);
        Assert.Equal(4, reader.Take().Width);
        reader.Begin();
        Assert.Throws<InvalidOperationException>(() => reader.Take());
    }
}
