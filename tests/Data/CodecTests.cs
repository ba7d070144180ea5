using System.Text.Json;

namespace SpGpu.Data.Tests;

public class CodecTests
{
    public static TheoryData<string, string> References()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(Photos.PathOf("codec", "index.json")));
        return new(index.RootElement.EnumerateArray()
            .Select(entry => (entry.GetProperty("file").GetString()!, entry.GetProperty("reference").GetString()!)));
    }

    [Theory]
    [MemberData(nameof(References))]
    public void Codec_file_decodes_to_its_reference(string file, string reference)
    {
        RgbImage actual = RgbImage.Read(Photos.PathOf("codec", file), orient: false);
        RgbImage expected = RgbImage.Read(Photos.PathOf("codec", reference));
        (double mean, int max) = Check.Difference(actual, expected);
        // The bounds of photos/README.md: full or no chroma, subsampled chroma, lossless.
        (double meanBound, int maxBound) = file switch
        {
            _ when file.EndsWith(".png", StringComparison.Ordinal) => (0, 0),
            "gray.jpg" or "baseline-444.jpg" or "progressive-444.jpg" => (0.6, 4),
            _ => (1.5, 32),
        };
        Assert.True(mean <= meanBound && max <= maxBound, $"mean {mean}, max {max}");
    }

    [Fact]
    public void Every_codec_file_has_a_reference() =>
        Assert.Equal(Photos.Codec.Select(Path.GetFileName), References().Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Fact]
    public void Content_decides_not_the_extension()
    {
        using var folder = new TemporaryFolder();
        string renamed = folder.Write("photo.png", File.ReadAllBytes(Photos.PathOf("codec", "baseline-420.jpg")));
        Assert.Equal(RgbImage.Read(Photos.PathOf("codec", "baseline-420.jpg")).Pixels, RgbImage.Read(renamed).Pixels);
    }

    [Fact]
    public void Stream_that_cannot_seek_reads_as_the_file()
    {
        byte[] file = File.ReadAllBytes(Photos.PathOf("boats.jpg"));
        using var pipe = new BufferedPipe(file);
        Assert.Equal(RgbImage.Read(Photos.PathOf("boats.jpg")).Pixels, RgbImage.Read(pipe, "a pipe").Pixels);
    }

    // Six pixels in every way that PNG knows; the colours come out as 8-bit RGB.
    [Theory]
    [InlineData(8, 2, new byte[] { 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90 }, new byte[]
    {
        255,
        0,
        0,
        0,
        255,
        0,
        0,
        0,
        255,
        10,
        20,
        30,
        40,
        50,
        60,
        70,
        80,
        90,
    })]
    [InlineData(1, 0, new byte[] { 0, 0b10100000, 0, 0b01000000 }, new byte[]
    {
        255,
        255,
        255,
        0,
        0,
        0,
        255,
        255,
        255,
        0,
        0,
        0,
        255,
        255,
        255,
        0,
        0,
        0,
    })]
    [InlineData(2, 0, new byte[] { 0, 0b00011000, 0, 0b11100100 }, new byte[]
    {
        0,
        0,
        0,
        85,
        85,
        85,
        170,
        170,
        170,
        255,
        255,
        255,
        170,
        170,
        170,
        85,
        85,
        85,
    })]
    [InlineData(4, 0, new byte[] { 0, 0x0F, 0x10, 0, 0x23, 0x40 }, new byte[]
    {
        0,
        0,
        0,
        255,
        255,
        255,
        17,
        17,
        17,
        34,
        34,
        34,
        51,
        51,
        51,
        68,
        68,
        68,
    })]
    [InlineData(8, 4, new byte[] { 0, 9, 255, 8, 128, 7, 1, 0, 6, 0, 5, 255, 4, 255 }, new byte[]
    {
        9,
        9,
        9,
        8,
        8,
        8,
        7,
        7,
        7,
        6,
        6,
        6,
        5,
        5,
        5,
        4,
        4,
        4,
    })]
    [InlineData(8, 6, new byte[] { 0, 200, 100, 50, 255, 200, 100, 50, 1, 200, 100, 50, 0, 0, 3, 2, 1, 128, 1, 2, 3, 0, 0, 0, 0, 255 },
        new byte[] { 200, 100, 50, 200, 100, 50, 200, 100, 50, 3, 2, 1, 1, 2, 3, 0, 0, 0 })]
    [InlineData(16, 0, new byte[] { 0, 0, 0, 255, 255, 128, 128, 0, 77, 77, 200, 200, 1, 1 }, new byte[]
    {
        0,
        0,
        0,
        255,
        255,
        255,
        128,
        128,
        128,
        77,
        77,
        77,
        200,
        200,
        200,
        1,
        1,
        1,
    })]
    public void Png_of_every_kind_becomes_rgb(byte bits, byte colour, byte[] rows, byte[] expected)
    {
        RgbImage image = ReadBytes(new PngFile().Header(3, 2, bits, colour).Data(rows).End());
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(expected, image.Pixels);
    }

    [Fact]
    public void Transparent_palette_entries_keep_their_colour()
    {
        byte[] png = new PngFile().Header(2, 1, 8, 3).Chunk("PLTE", 1, 2, 3, 200, 100, 50).Chunk("tRNS", 255, 100).Data(0, 0, 1).End();
        Assert.Equal([1, 2, 3, 200, 100, 50], ReadBytes(png).Pixels);
    }

    [Fact]
    public void Interlaced_png_decodes()
    {
        // Adam7 of 2 x 2: pass 1 has pixel (0,0), pass 6 has (1,0), pass 7 has the second row.
        byte[] png = new PngFile().Header(2, 2, 8, 0, interlace: 1).Data(0, 10, 0, 20, 0, 30, 40).End();
        Assert.Equal([10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40], ReadBytes(png).Pixels);
    }

    [Fact]
    public void Bmp_decodes() => Assert.Equal([3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10], ReadBytes(OtherFormats.Bmp).Pixels);

    [Fact]
    public void Gif_gives_its_first_frame() => Assert.Equal([250, 1, 2, 3, 4, 240], ReadBytes(OtherFormats.Gif).Pixels);

    [Fact]
    public void Webp_decodes() =>
        Assert.Equal(RgbImage.Read(Photos.PathOf("codec", "rgb.png")).Pixels, ReadBytes(OtherFormats.LosslessWebp()).Pixels);

    [Theory]
    [InlineData("boats.jpg", 1024, 819)]
    [InlineData("alps.jpg", 1024, 484)]
    public void Photograph_reads_and_survives_a_round_trip(string name, int width, int height)
    {
        RgbImage photo = RgbImage.Read(Photos.PathOf(name));
        Assert.Equal((width, height), (photo.Width, photo.Height));
        using var folder = new TemporaryFolder();
        photo.Write(folder.File("copy.png"));
        Assert.Equal(photo.Pixels, RgbImage.Read(folder.File("copy.png")).Pixels);
        photo.Write(folder.File("copy.jpg"));
        (double mean, _) = Check.Difference(photo, RgbImage.Read(folder.File("copy.jpg")));
        Assert.InRange(mean, 0.01, 3);
    }

    [Fact]
    public void A_stream_gets_the_bytes_of_a_file()
    {
        using var folder = new TemporaryFolder();
        RgbImage photo = RgbImage.Read(Photos.PathOf("boats.jpg")).Resize(60, 40);
        photo.Write(folder.File("copy.png"));
        photo.Write(folder.File("copy.jpg"));
        using MemoryStream png = new(), jpeg = new();
        photo.WritePng(png);
        photo.WriteJpeg(jpeg);
        Assert.Equal(File.ReadAllBytes(folder.File("copy.png")), png.ToArray());
        Assert.Equal(File.ReadAllBytes(folder.File("copy.jpg")), jpeg.ToArray());
        var wide = new RgbImage(new byte[3 * 70_000], 70_000, 1, 3 * 70_000, PixelOrder.Rgb);
        Assert.Contains("65500", Assert.Throws<ImageException>(() => wide.WriteJpeg(jpeg)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rgb.png")]
    [InlineData("baseline-420.jpg")]
    public void A_service_may_take_fewer_pixels(string name)
    {
        byte[] file = File.ReadAllBytes(Photos.PathOf("codec", name));
        RgbImage whole = ReadBytes(file);
        int pixels = whole.Width * whole.Height;
        Assert.Equal(whole.Pixels, RgbImage.Read(new MemoryStream(file), "a test", maxPixels: pixels).Pixels);
        string message =
            Assert.Throws<ImageException>(() => RgbImage.Read(new MemoryStream(file), "a test", maxPixels: pixels - 1)).Message;
        Assert.Contains($"{whole.Width} x {whole.Height} pixels are above the limit", message, StringComparison.Ordinal);
    }

    private static RgbImage ReadBytes(byte[] file) => RgbImage.Read(new MemoryStream(file), "a test");

    /// <summary>Gives at most 1000 bytes at a time and does not know its length.</summary>
    private sealed class BufferedPipe(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1000));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
    }
}
