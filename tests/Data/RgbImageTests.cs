using CsCheck;

namespace SpGpu.Data.Tests;

public class RgbImageTests
{
    [Theory]
    [InlineData(PixelOrder.Rgb, new byte[] { 1, 2, 3, 4, 5, 6, 99, 7, 8, 9, 10, 11, 12 }, 7)]
    [InlineData(PixelOrder.Bgr, new byte[] { 3, 2, 1, 6, 5, 4, 99, 9, 8, 7, 12, 11, 10 }, 7)]
    [InlineData(PixelOrder.Rgba, new byte[] { 1, 2, 3, 0, 4, 5, 6, 255, 99, 7, 8, 9, 50, 10, 11, 12, 0 }, 9)]
    [InlineData(PixelOrder.Bgra, new byte[] { 3, 2, 1, 0, 6, 5, 4, 255, 99, 9, 8, 7, 50, 12, 11, 10, 0 }, 9)]
    public void Pixels_come_in_any_order_and_with_padding(PixelOrder order, byte[] pixels, int stride)
    {
        var image = new RgbImage(pixels, 2, 2, stride, order);
        Assert.Equal((2, 2), (image.Width, image.Height));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], image.Pixels);
    }

    [Theory]
    [InlineData(0, 1, 12)]
    [InlineData(2, -1, 12)]
    [InlineData(2, 2, 5)]
    [InlineData(2, 3, 6)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Sizes_that_do_not_fit_are_refused(int width, int height, int stride) =>
        Assert.ThrowsAny<ArgumentException>(() => new RgbImage(new byte[12], width, height, stride, PixelOrder.Rgb));

    [Fact]
    public void Resize_is_the_direct_formula_in_double() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 90], Gen.Int[1, 90], Gen.Byte.Array[40 * 40 * 3])
            .Sample((width, height, newWidth, newHeight, bytes) =>
        {
            var image = new RgbImage(bytes, width, height, 3 * width, PixelOrder.Rgb);
            RgbImage resized = image.Resize(newWidth, newHeight);
            Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
            for (int i = 0; i < resized.Pixels.Length; i++)
            {
                int x = i / 3 % newWidth, y = i / 3 / newWidth;
                double exact = Sample(image, (x + 0.5) * width / newWidth - 0.5, (y + 0.5) * height / newHeight - 0.5, i % 3);
                Assert.InRange(resized.Pixels[i], exact - 0.501, exact + 0.501);
            }
        }, iter: 200);

    [Fact]
    public void Resize_meets_pixel_centres()
    {
        RgbImage wide = new RgbImage([0, 10, 20, 100, 110, 120], 2, 1, 6, PixelOrder.Rgb).Resize(4, 1);
        Assert.Equal([0, 10, 20, 25, 35, 45, 75, 85, 95, 100, 110, 120], wide.Pixels);
        RgbImage photo = RgbImage.Read(Photos.PathOf("codec", "rgb.png"));
        Assert.Equal(photo.Pixels, photo.Resize(photo.Width, photo.Height).Pixels);
    }

    [Fact]
    public void Sizes_above_the_limit_are_refused()
    {
        var image = new RgbImage([1, 2, 3], 1, 1, 3, PixelOrder.Rgb);
        Check.Throws<ImageException>(() => image.Resize(60_000, 60_000), "60000 x 60000", "100 megapixels");
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(5, -1));
    }

    [Fact]
    public void Pictures_that_cannot_be_written_are_refused()
    {
        using var folder = new TemporaryFolder();
        var image = new RgbImage([1, 2, 3], 1, 1, 3, PixelOrder.Rgb);
        Check.Throws<ImageException>(() => image.Write(folder.File("a.tiff")), "a.tiff", ".png");
        Check.Throws<OutputException>(() => image.Write(folder.File("no/such/folder.png")), "folder.png");
        Check.Throws<ImageException>(() => image.Resize(65_501, 1).Write(folder.File("wide.jpg")), "wide.jpg", "65500");
        Check.Throws<ImageException>(() => image.Resize(1, 1_000_001).Write(folder.File("high.png")), "high.png", "1000000");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("wide.jpg", 65_500)]
    [InlineData("wide.png", 1_000_000)]
    public void Longest_rows_are_written_and_read(string name, int width)
    {
        using var folder = new TemporaryFolder();
        RgbImage image = new RgbImage([1, 2, 3], 1, 1, 3, PixelOrder.Rgb).Resize(width, 1);
        image.Write(folder.File(name));
        Assert.Equal((width, 1), (RgbImage.Read(folder.File(name)).Width, RgbImage.Read(folder.File(name)).Height));
    }

    /// <summary>Four neighbours, each clamped to the picture, weighted by distance.</summary>
    private static double Sample(RgbImage image, double x, double y, int channel)
    {
        double sum = 0;
        for (int corner = 0; corner < 4; corner++)
        {
            double column = Math.Floor(x) + corner % 2, row = Math.Floor(y) + corner / 2;
            double weight = (1 - Math.Abs(x - column)) * (1 - Math.Abs(y - row));
            int insideX = (int)Math.Clamp(column, 0, image.Width - 1), insideY = (int)Math.Clamp(row, 0, image.Height - 1);
            sum += weight * image.Pixels[3 * (insideY * image.Width + insideX) + channel];
        }
        return sum;
    }
}
