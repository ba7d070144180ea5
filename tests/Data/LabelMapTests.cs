using CsCheck;
using SkiaSharp;

namespace SpGpu.Data.Tests;

public class LabelMapTests
{
    private static readonly Gen<LabelMap> _maps =
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 256], Gen.UInt).Select((width, height, classes, seed) =>
        {
            byte[] labels = new byte[width * height];
            var random = new Random((int)seed);
            for (int i = 0; i < labels.Length; i++)
                labels[i] = random.Next(10) == 0 ? LabelMap.Ignore : (byte)random.Next(classes);
            return new LabelMap(labels, width, height);
        });

    [Fact]
    public void Labels_survive_a_round_trip_and_viewers_see_their_colours()
    {
        using var folder = new TemporaryFolder();
        var palette = new Palette(Enumerable.Range(0, 256).Select(i => new Rgb((byte)i, (byte)(3 * i), (byte)(255 - i))));
        _maps.Sample(map =>
        {
            string path = folder.File("map.png");
            map.Write(path, palette);
            LabelMap read = LabelMap.Read(path);
            Assert.Equal((map.Width, map.Height), (read.Width, read.Height));
            Assert.Equal(map.Labels, read.Labels);

            using SKBitmap seen = SKBitmap.Decode(path);
            Assert.Equal(map.Labels.Select(label => new SKColor(palette[label].R, palette[label].G, palette[label].B)), seen.Pixels);
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void A_stream_gets_the_bytes_of_a_file()
    {
        using var folder = new TemporaryFolder();
        using var stream = new MemoryStream();
        var map = new LabelMap([0, 18, 255, 3], 2, 2);
        map.Write(folder.File("map.png"), Palette.Cityscapes);
        map.Write(stream, Palette.Cityscapes);
        Assert.Equal(File.ReadAllBytes(folder.File("map.png")), stream.ToArray());
        Assert.Throws<ImageException>(() => new LabelMap([19], 1, 1).Write(stream, Palette.Cityscapes));
        Assert.Throws<ArgumentException>(() => new LabelMap([1, 2], 2, 1) { Confidence = [1] });
    }

    [Fact]
    public void Ignored_pixels_need_no_colour_and_are_black()
    {
        using var folder = new TemporaryFolder();
        new LabelMap([0, 18, 255], 3, 1).Write(folder.File("map.png"), Palette.Cityscapes);
        Assert.Equal([0, 18, 255], LabelMap.Read(folder.File("map.png")).Labels);
        Assert.Equal([128, 64, 128, 119, 11, 32, 0, 0, 0], RgbImage.Read(folder.File("map.png")).Pixels);
    }

    [Fact]
    public void Maps_that_cannot_be_written_are_refused()
    {
        using var folder = new TemporaryFolder();
        var map = new LabelMap([0, 19], 2, 1);
        Check.Throws<ImageException>(() => map.Write(folder.File("map.png"), Palette.Cityscapes), "label 19", "0 to 18");
        Check.Throws<ImageException>(() => map.Write(folder.File("map.jpg"), Palette.Ade20k), "map.jpg", ".png");
        Check.Throws<OutputException>(() => map.Write(folder.File("no/map.png"), Palette.Ade20k), "map.png");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new LabelMap(new byte[6], 2, 2));
        Assert.ThrowsAny<ArgumentException>(() => new LabelMap([], 0, 0));
        Assert.ThrowsAny<ArgumentException>(() => new LabelMap(new byte[6], -2, -3));
    }

    [Fact]
    public void Shares_count_the_pixels_of_each_class()
    {
        var map = new LabelMap([0, 2, 2, 255, 2, 0], 3, 2);
        Assert.Equal([2, 0, 3], map.Shares(3));
        Assert.Equal([2, 0, 3, 0, 0], map.Shares(5));
        Assert.Equal(1, map.Shares(256)[255]);
        Check.Throws<ImageException>(() => map.Shares(2), "label 2", "0 to 1");
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Shares(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Shares(257));
    }

    [Fact]
    public void Overlay_mixes_colours_and_leaves_ignored_pixels()
    {
        var palette = new Palette([new Rgb(200, 0, 255), new Rgb(0, 100, 50)]);
        var image = new RgbImage([100, 100, 100, 0, 255, 7, 1, 2, 3], 3, 1, 9, PixelOrder.Rgb);
        var map = new LabelMap([0, 1, 255], 3, 1);
        // 0.75 x picture + 0.25 x colour, rounded.
        Assert.Equal([125, 75, 139, 0, 216, 18, 1, 2, 3], map.Overlay(image, palette, 0.25).Pixels);
        Assert.Equal([150, 50, 178, 0, 178, 29, 1, 2, 3], map.Overlay(image, palette).Pixels);
        Assert.Equal(image.Pixels, map.Overlay(image, palette, 0).Pixels);
        Assert.Equal([200, 0, 255, 0, 100, 50, 1, 2, 3], map.Overlay(image, palette, 1).Pixels);
        Assert.Equal(
            [1, 2, 3], new LabelMap([255], 1, 1).Overlay(new RgbImage([1, 2, 3], 1, 1, 3, PixelOrder.Rgb), Palette.Distinct(255)).Pixels);
        Assert.Equal([100, 100, 100, 0, 255, 7, 1, 2, 3], image.Pixels);
    }

    [Fact]
    public void Overlays_that_do_not_fit_are_refused()
    {
        var image = new RgbImage([1, 2, 3], 1, 1, 3, PixelOrder.Rgb);
        Check.Throws<ImageException>(() => new LabelMap([0, 0], 1, 2).Overlay(image, Palette.Ade20k), "1 x 2", "1 x 1");
        Check.Throws<ImageException>(() => new LabelMap([150], 1, 1).Overlay(image, Palette.Ade20k), "label 150");
        foreach (double opacity in new[] { -0.1, 1.5, double.NaN })
            Check.Throws<ConfigurationException>(() => new LabelMap([0], 1, 1).Overlay(image, Palette.Ade20k, opacity), "opacity");
    }

    [Fact]
    public void Kinds_and_sizes_can_be_printed()
    {
        Assert.Equal("LabelMap 3 x 2", new LabelMap(new byte[6], 3, 2).ToString());
        Assert.Equal("RgbImage 3 x 2", new RgbImage(new byte[18], 3, 2, 9, PixelOrder.Rgb).ToString());
        Assert.Equal("Palette of 19", Palette.Cityscapes.ToString());
        Assert.Equal("ClassNames of 150", ClassNames.Ade20k.ToString());
    }
}
