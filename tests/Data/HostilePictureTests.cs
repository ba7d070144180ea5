using System.Diagnostics;
using System.IO.Compression;
using SpGpu.Data.Codecs;

namespace SpGpu.Data.Tests;

/// <summary>Small files that ask for much time or memory.</summary>
public class HostilePictureTests
{
    private static readonly byte[] _grey4x4 = [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 5 == 0 ? 0 : i))];

    [Theory]
    [InlineData("tEXt")]
    [InlineData("eXIf")]
    public void A_large_chunk_that_is_no_picture_costs_no_time(string type)
    {
        byte[] content = new byte[20 << 20];
        byte[] before = new PngFile().Header(4, 4, 8, 0).Chunk(type, content).Data(_grey4x4).End();
        byte[] behind = new PngFile().Header(4, 4, 8, 0).Data(_grey4x4).Chunk(type, content).End();
        var clock = Stopwatch.StartNew();
        Assert.Equal(ReadBytes(before).Pixels, ReadBytes(behind).Pixels);
        // By the square of its length it would be half a minute.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Chunks_that_pixels_do_not_need_change_nothing()
    {
        byte[] whole = new PngFile().Header(4, 4, 8, 0).Data(_grey4x4).End();
        byte[] data = whole[41..^16];
        var bomb = new MemoryStream();
        using (var zlib = new ZLibStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(new byte[10 << 20]);
        PngFile png = new PngFile().Header(4, 4, 8, 0).Chunk("iCCP", [65, 0, 0, .. bomb.ToArray()])
            .Chunk("zTXt", [65, 0, 0, .. bomb.ToArray()])
            .Chunk("acTL", 0, 0, 0, 1, 0, 0, 0, 0).Chunk("IDAT", data[..5]);
        for (int i = 0; i < 2000; i++)
            png.Chunk("IDAT").Chunk("tIME");
        Assert.Equal(ReadBytes(whole).Pixels, ReadBytes(png.Chunk("IDAT", data[5..]).Chunk("tEXt", 65, 0).End()).Pixels);
    }

    [Theory]
    [InlineData("CgBI", 4)]
    [InlineData("PLTE", 20 << 20)]
    [InlineData("IEND", 20 << 20)]
    public void Chunks_that_matter_and_are_of_no_png_are_refused(string type, int length) =>
        Refused(new PngFile().Header(4, 4, 8, 0).Chunk(type, new byte[length]).Data(_grey4x4).End(), "a chunk that no PNG has");

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Deep_interlaced_png_has_a_lower_limit(byte colour) =>
        Refused(new PngFile().Header(5001, 5000, 16, colour, interlace: 1).Data(0).End(), "5001 x 5000", "25 megapixels", "interlac");

    [Fact]
    public void A_png_with_too_little_data_for_its_size_is_refused_before_it_is_unpacked()
    {
        byte[] rows = new byte[1000 * 3001];
        Refused(new PngFile().Header(10_000, 10_000, 8, 2).Data(rows).End(), "cut short");
        Assert.True(HasTooLittleData(new PngFile().Header(10_000, 10_000, 8, 2).Data(rows).End()));
        Assert.False(HasTooLittleData(new PngFile().Header(1000, 1000, 8, 2).Data(rows).End()));
    }

    [Theory]
    [InlineData("baseline-420.jpg", 0xC0)]
    [InlineData("baseline-444.jpg", 0xC0)]
    [InlineData("gray.jpg", 0xC0)]
    [InlineData("progressive-420.jpg", 0xC2)]
    public void A_jpeg_with_too_little_data_for_its_size_is_refused_before_it_is_unpacked(string name, byte marker)
    {
        byte[] jpeg = File.ReadAllBytes(Photos.PathOf("codec", name));
        Assert.False(HasTooLittleData([.. jpeg]));
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);
        (jpeg[frame + 5], jpeg[frame + 7]) = (0x20, 0x20);
        Assert.True(HasTooLittleData([.. jpeg]));
        Refused(jpeg, "cut short");
    }

    [Fact]
    public void Scans_of_a_jpeg_are_counted()
    {
        byte[] jpeg = File.ReadAllBytes(Photos.PathOf("codec", "progressive-420.jpg"));
        byte[] scan = jpeg[jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])..^2];
        int scans = jpeg.AsSpan().Count((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        ReadBytes(With(20 - scans));
        Refused(With(21 - scans), "more than 20 scans");

        byte[] With(int more) => [.. jpeg[..^2], .. Enumerable.Repeat(scan, more).SelectMany(bytes => bytes), .. jpeg[^2..]];
    }

    [Theory]
    [InlineData(0xC2)]
    [InlineData(0xCA)]
    public void Blocks_that_scans_of_a_jpeg_go_over_are_counted(byte coded)
    {
        byte[] jpeg = File.ReadAllBytes(Photos.PathOf("codec", "progressive-420.jpg"));
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]), last = jpeg.AsSpan()
            .LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        jpeg[frame + 1] = coded;
        // 100 megapixels have 2.3 million blocks.
        (jpeg[frame + 5], jpeg[frame + 6], jpeg[frame + 7], jpeg[frame + 8]) = (10_000 >> 8, 10_000 & 255, 10_000 >> 8, 10_000 & 255);
        byte[] interleaved = [0xFF, 0xDA, 0, 12, 3, jpeg[frame + 10], 0, jpeg[frame + 13], 0, jpeg[frame + 16], 0, 0, 0, 0x10, 0];
        Checked(With(2));
        Refused(With(10), "24 million blocks");

        byte[] With(int scans) => [.. jpeg[..last], .. Enumerable.Repeat(interleaved, scans).SelectMany(bytes => bytes), .. jpeg[last..]];
    }

    [Fact]
    public void A_large_jpeg_without_an_end_is_decoded_twice_at_most()
    {
        using var folder = new TemporaryFolder();
        RgbImage.Read(Photos.PathOf("codec", "rgb.png")).Resize(2100, 2000).Write(folder.File("large.jpg"));
        byte[] jpeg = File.ReadAllBytes(folder.File("large.jpg"));
        CheckedPicture picture = Checked(jpeg[..^2]);
        byte[] file = [.. picture.File];
        Assert.False(picture.Unended!.TryShowWholeUnits(file));
        Assert.Equal(picture.File, file);
        Assert.Equal(ReadBytes(jpeg).Pixels, ReadBytes(jpeg[..^2]).Pixels);
        Refused(jpeg[..^3], "cut short");
    }

    [Fact]
    public void Segments_that_pixels_do_not_need_change_nothing()
    {
        byte[] jpeg = File.ReadAllBytes(Photos.PathOf("codec", "baseline-444.jpg"));
        byte[] preview = [0xFF, 0xE2, 0, 8, 0xFF, 0xDA, 0xFF, 0xD9, 0xFF, 0xC0], comment = [0xFF, 0xFE, 0, 2];
        byte[] stuffed =
            [.. jpeg[..2], .. Enumerable.Repeat<byte[]>([.. preview, .. comment], 300_000).SelectMany(bytes => bytes), .. jpeg[2..]];
        var clock = Stopwatch.StartNew();
        Assert.Equal(ReadBytes(jpeg).Pixels, ReadBytes(stuffed).Pixels);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void A_jpeg_without_an_end_that_stops_between_restarts_is_cut_short()
    {
        // Grey, 16 x 8: two blocks of two bits each, a restart after each block. Of the means' codes 0, 10 and 110 the first is used.
        byte[] jpeg = [
            0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64), 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 22, 0, 1, 1, 1, .. new byte[13], 0, 4, 5, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0,
            0xFF, 0xDD, 0, 4, 0, 1, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0xD0, 0x3F, 0xFF, 0xD9];
        RgbImage whole = ReadBytes(jpeg);
        Assert.Equal((16, 8), (whole.Width, whole.Height));
        Assert.Equal(whole.Pixels, ReadBytes(jpeg[..^2]).Pixels);
        Refused(jpeg[..^3], "cut short");
        Refused(jpeg[..^5], "cut short");
    }

    [Fact]
    public void Chunks_that_pixels_of_a_webp_do_not_need_change_nothing()
    {
        byte[] plain = OtherFormats.LosslessWebp();
        byte[] stuffed =
            OtherFormats.Extended(
                plain, [.. Enumerable.Repeat<byte[]>([(byte)'a', (byte)'b', (byte)'c', (byte)'d', 1, 0, 0, 0, 7, 0], 1000)
                    .SelectMany(bytes => bytes)]);
        Assert.Equal(ReadBytes(plain).Pixels, ReadBytes(stuffed).Pixels);
        Assert.True(Checked(stuffed).Length < plain.Length + 100);
    }

    [Fact]
    public void A_bmp_without_its_rows_is_refused_before_memory_is_taken()
    {
        byte[] bmp = [.. OtherFormats.Bmp];
        Assert.False(HasTooLittleData([.. bmp]));
        (bmp[19], bmp[23]) = (30, 30);
        Assert.True(HasTooLittleData([.. bmp]));
        Refused(bmp, "cut short");
    }

    [Fact]
    public void A_file_much_larger_than_its_picture_is_not_read_whole()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("photo.png", new PngFile().Header(4, 4, 8, 0).WithoutEnd());
        using (FileStream sparse = File.OpenWrite(path))
            sparse.SetLength(70 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Check.Throws<ImageException>(() => RgbImage.Read(path), "photo.png", "larger than 64 MiB");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(1u, 100_000_000u)]
    [InlineData(1_000_001u, 1u)]
    public void A_map_has_sides_as_long_as_those_of_pictures(uint width, uint height) =>
        Check.Throws<ImageException>(
            () => LabelMap.Read(new MemoryStream(new PngFile().Header(width, height, 8, 3).Data(0).End()), "map.png"), "map.png",
            $"{width} x {height}", "1000000");

    [Fact]
    public void A_map_of_many_short_rows_is_read_in_blocks()
    {
        const int Rows = 300_000;
        byte[] rows = new byte[2 * Rows];
        for (int y = 0; y < Rows; y++)
            (rows[2 * y], rows[2 * y + 1]) = ((byte)(y % 3), (byte)(y % 7)); // nothing, left, above
        byte[] labels = LabelMap.Read(new MemoryStream(new PngFile().Header(1, Rows, 8, 3).Data(rows).End()), "map.png").Labels;
        for (int y = 0; y < Rows; y++)
            Assert.Equal((byte)(y % 3 == 2 ? y % 7 + labels[y - 1] : y % 7), labels[y]);
    }

    private static bool HasTooLittleData(byte[] file) => Checked(file).HasTooLittleData;

    private static CheckedPicture Checked(byte[] file) => CheckedPicture.Of([.. file], "a test");

    private static void Refused(byte[] file, params string[] parts) =>
        Check.Throws<ImageException>(() => ReadBytes(file), ["a test", .. parts]);

    private static RgbImage ReadBytes(byte[] file) => RgbImage.Read(new MemoryStream(file), "a test");
}
