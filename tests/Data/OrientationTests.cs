namespace SpGpu.Data.Tests;

public class OrientationTests
{
    // What EXIF's values mean, in mirrorings left to right and quarter turns clockwise, applied in this order.
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(2, "mirror")]
    [InlineData(3, "turn turn")]
    [InlineData(4, "mirror turn turn")]
    [InlineData(5, "turn mirror")]
    [InlineData(6, "turn")]
    [InlineData(7, "mirror turn")]
    [InlineData(8, "turn turn turn")]
    [InlineData(9, "")]
    public void Exif_orientation_turns_the_picture_upright(byte orientation, string steps)
    {
        byte[] file = File.ReadAllBytes(Photos.PathOf("codec", "exif-rotate-6.jpg"));
        // Tag 0x0112, type 3 (16 bits), one value, 6; big-endian.
        int tag = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6]);
        file[tag + 9] = orientation;

        RgbImage expected = RgbImage.Read(new MemoryStream(file), "stored", orient: false);
        Assert.Equal((131, 97), (expected.Width, expected.Height));
        foreach (string step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            expected = step == "turn" ? Turn(expected) : Mirror(expected);

        RgbImage actual = RgbImage.Read(new MemoryStream(file), "upright");
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    private static RgbImage Turn(RgbImage image) => Rearrange(image, image.Height, image.Width, (x, y) => (y, image.Height - 1 - x));

    private static RgbImage Mirror(RgbImage image) => Rearrange(image, image.Width, image.Height, (x, y) => (image.Width - 1 - x, y));

    private static RgbImage Rearrange(RgbImage image, int width, int height, Func<int, int, (int X, int Y)> source)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int fromX, int fromY) = source(x, y);
                image.Pixels.AsSpan(3 * (fromY * image.Width + fromX), 3).CopyTo(pixels.AsSpan(3 * (y * width + x)));
            }
        }
        return new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb);
    }
}
