using SpGpu.Data.Codecs;

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

    [Theory]
    [InlineData("png", false)]
    [InlineData("png", true)]
    [InlineData("webp", false)]
    [InlineData("webp", true)]
    public void Every_format_that_carries_it_is_turned(string format, bool prefixed)
    {
        byte[] little =
            [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0, 1, 4, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        byte[] exif = prefixed ? [.. "Exif\0\0"u8, .. little] : little;
        byte[] webp = OtherFormats.LosslessWebp();
        byte[] file = format == "png"
            ? new PngFile().Header(3, 2, 8, 0).Chunk("eXIf", exif).Data(0, 1, 2, 3, 0, 4, 5, 6).End()
            : OtherFormats.Extended(webp, [.. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif, .. new byte[exif.Length & 1]]);
        RgbImage stored = RgbImage.Read(new MemoryStream(file), "stored", orient: false), expected = Turn(stored);
        RgbImage actual = RgbImage.Read(new MemoryStream(file), "upright");
        Assert.Equal((stored.Height, stored.Width), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    [Fact]
    public void Damaged_exif_turns_nothing()
    {
        byte[] exif = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0];
        for (int length = 0; length < exif.Length; length++)
        {
            // All is there at the last place only: an entry has 12 bytes.
            byte[] file = new PngFile().Header(3, 2, 8, 0).Chunk("eXIf", exif[..length]).Data(0, 1, 2, 3, 0, 4, 5, 6).End();
            Assert.Equal(3, RgbImage.Read(new MemoryStream(file), "a test").Width);
        }
        // Numbers that point anywhere.
        var random = new Random(5);
        for (int i = 0; i < 2000; i++)
        {
            byte[] spoilt = [.. exif];
            (spoilt[random.Next(4, exif.Length)], spoilt[random.Next(4, 10)]) = ((byte)random.Next(256), (byte)random.Next(256));
            ExifOrientation.Of(spoilt);
        }
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
