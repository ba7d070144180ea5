using System.Diagnostics;

namespace SpGpu.Data.Tests;

public class BadImageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("This is a text file that somebody renamed to photo.png, for whatever reason.")]
    [InlineData("version https://git-lfs.github.com/spec/v1")]
    [InlineData("P6 2 2 255 123456789012")]
    public void Files_that_are_no_pictures_are_refused(string content)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("photo.png", content);
        Check.Throws<ImageException>(() => RgbImage.Read(path), "photo.png",
            content.Length == 0 ? "empty" : "JPEG, PNG, WebP, BMP and GIF");
    }

    [Fact]
    public void Paths_that_are_no_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        Check.Throws<ImageException>(() => RgbImage.Read(folder.File("none.jpg")), "none.jpg", "no such file");
        Check.Throws<ImageException>(() => RgbImage.Read(folder.File("no/none.jpg")), "none.jpg", "no such file");
        Check.Throws<ImageException>(() => RgbImage.Read(folder.File("\ufffd.jpg")), "\ufffd.jpg",
            "a name that is not UTF-8; rename the file");
        Check.Throws<ImageException>(() => RgbImage.Read(folder.Path), folder.Path, "folder");
        Check.Throws<ImageException>(() => RgbImage.Read(""), "''");
        Check.Throws<ImageException>(() => RgbImage.Read("a\0b"), "cannot read");
    }

    [Fact]
    public void Symbolic_links_to_nothing_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("a.png"), folder.File("b.png"));
        Check.Throws<ImageException>(() => RgbImage.Read(folder.File("a.png")), "a.png", "no such file");
        File.CreateSymbolicLink(folder.File("b.png"), folder.File("a.png"));
        Check.Throws<ImageException>(() => RgbImage.Read(folder.File("a.png")), "a.png", "cannot read");
    }

    [Fact]
    public void Files_without_permission_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "needs a user whose rights end somewhere");
        using var folder = new TemporaryFolder();
        string path = folder.Write("secret.png", "x");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.None);
        Check.Throws<ImageException>(() => RgbImage.Read(path), "secret.png", "permission");
    }

    [Fact]
    public void Huge_file_is_refused_unread()
    {
        using var folder = new TemporaryFolder();
        using (FileStream sparse = File.Create(folder.File("huge.bmp")))
            sparse.SetLength((512L << 20) + 1);
        (ImageException error, long bytes) = Measure(() => RgbImage.Read(folder.File("huge.bmp")));
        Assert.Contains("larger than 512 MiB", error.Message, StringComparison.Ordinal);
        Assert.InRange(bytes, 0, 1 << 20);
    }

    [Theory]
    [InlineData(60_000u, 60_000u)]
    [InlineData(1_000_000u, 101u)]
    [InlineData(101u, 1_000_000u)]
    public void Huge_png_header_is_refused_at_once(uint width, uint height)
    {
        byte[] png = new PngFile().Header(width, height, 8, 2).Data(new byte[1000]).End();
        ImageException error = RefusedAtOnce(png);
        Assert.Contains($"{width} x {height}", error.Message, StringComparison.Ordinal);
        Assert.Contains("100 megapixels", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u, 5u)]
    [InlineData(5u, 0u)]
    [InlineData(0x7FFF_FFFFu, 1u)]
    [InlineData(0x7FFF_FFFFu, 0x7FFF_FFFFu)]
    [InlineData(0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    public void Senseless_png_header_is_refused_at_once(uint width, uint height) =>
        RefusedAtOnce(new PngFile().Header(width, height, 8, 2).Data(new byte[1000]).End());

    [Fact]
    public void Huge_jpeg_header_is_refused_at_once()
    {
        byte[] jpeg = File.ReadAllBytes(Photos.PathOf("codec", "baseline-420.jpg"));
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (jpeg[frame + 5], jpeg[frame + 7]) = (0xFF, 0xFF);
        Assert.Contains("100 megapixels", RefusedAtOnce(jpeg).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Jpeg_of_endless_scans_is_refused_at_once()
    {
        byte[] jpeg = File.ReadAllBytes(Photos.PathOf("codec", "progressive-420.jpg"));
        int last = jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] scan = jpeg[last..^2];
        byte[] endless = [.. jpeg[..last], .. Enumerable.Repeat(scan, 1000).SelectMany(bytes => bytes), .. jpeg[^2..]];
        Assert.Contains("scans", RefusedAtOnce(endless).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("II*\0\b\0\0\0", "TIFF")]
    [InlineData("MM\0*\0\0\0\b", "TIFF")]
    [InlineData("IIU\0\u0018\0\0\0", "raw camera")]
    [InlineData("FUJIFILMCCD-RAW 0201", "raw camera")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0", "HEIC")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0", "HEIC")]
    [InlineData("\0\0\0\u0018ftypavif\0\0\0\0", "AVIF")]
    [InlineData("\0\0\0\u0018ftypcrx \0\0\0\0", "raw camera")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0", "video")]
    [InlineData("\u00FF\n\u00FA\u001F", "JPEG XL")]
    [InlineData("\0\0\0\fJXL \r\n\u0087\n", "JPEG XL")]
    [InlineData("\0\0\0\fjP  \r\n\u0087\n", "JPEG 2000")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("<?xml version='1.0'?><svg/>", "SVG")]
    [InlineData("8BPS\0\u0001", "Photoshop")]
    public void Other_formats_are_refused_by_name(string first, string format)
    {
        byte[] file = [.. System.Text.Encoding.Latin1.GetBytes(first), .. new byte[500]];
        Check.Throws<ImageException>(() => ReadBytes(file), "a test", $"{format}", "files are not supported",
            "JPEG, PNG, WebP, BMP and GIF");
    }

    [Fact]
    public void Icon_is_refused_by_name()
    {
        byte[] png = new PngFile().Header(1, 1, 8, 2).Data(0, 1, 2, 3).End();
        byte[] icon = [0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 24, 0, (byte)png.Length, 0, 0, 0, 22, 0, 0, 0, .. png];
        Check.Throws<ImageException>(() => ReadBytes(icon), "Ico", "JPEG, PNG, WebP, BMP and GIF");
    }

    [Theory]
    [InlineData("palette.png", 0)]
    [InlineData("one-pixel.jpg", 2)]
    [InlineData("odd-7x9.ref.png", 0)]
    [InlineData("progressive-420.jpg", 2)]
    [InlineData("baseline-420.jpg", 2)]
    public void Truncation_at_every_byte_is_refused_or_loses_no_pixel(string name, int spare)
    {
        byte[] file = File.ReadAllBytes(Photos.PathOf("codec", name));
        RgbImage whole = ReadBytes(file);
        for (int length = 0; length < file.Length - spare; length++)
        {
            byte[] part = file[..length];
            Check.Throws<ImageException>(() => ReadBytes(part), "a test");
        }
        // Without the two bytes that end a JPEG every pixel is there.
        for (int length = file.Length - spare; length < file.Length; length++)
        {
            var warnings = new List<string>();
            Assert.Equal(whole.Pixels, RgbImage.Read(new MemoryStream(file[..length]), "a test", warn: warnings.Add).Pixels);
            Assert.Contains("'a test' lacks the bytes that end a JPEG", Assert.Single(warnings), StringComparison.Ordinal);
        }
        Assert.Equal(whole.Pixels, ReadBytes([.. file, .. "and something after its end"u8]).Pixels);
    }

    [Fact]
    public void Truncation_of_other_formats_is_refused_or_loses_no_pixel()
    {
        // A GIF is whole after its first frame, a WebP before its last byte of padding.
        foreach ((byte[] file, int needed) in new[]
        {
            (OtherFormats.Bmp, 70),
            (OtherFormats.Gif, 34),
            (OtherFormats.LosslessWebp(), -1),
            (OtherFormats.LossyWebp(), -1),
        })
        {
            RgbImage whole = ReadBytes(file);
            for (int length = 0; length < file.Length; length++)
            {
                byte[] part = file[..length];
                if (length >= (needed < 0 ? file.Length - 1 : needed))
                    Assert.Equal(whole.Pixels, ReadBytes(part).Pixels);
                else
                    Check.Throws<ImageException>(() => ReadBytes(part), "a test");
            }
        }
    }

    [Fact]
    public void Damaged_pictures_are_read_or_refused()
    {
        byte[][] seeds = [.. Photos.Codec.Select(File.ReadAllBytes), OtherFormats.Bmp, OtherFormats.Gif, OtherFormats.LosslessWebp(),
            OtherFormats.LossyWebp()];
        Check.Survives<ImageException>(seeds, cases: 5000, seed: 1, file =>
        {
            RgbImage image = ReadBytes(file);
            Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
        });
    }

    [Fact]
    public void Twelve_megapixels_take_three_managed_bytes_a_pixel()
    {
        using var folder = new TemporaryFolder();
        const int Pixels = 4000 * 3000;
        RgbImage.Read(Photos.PathOf("codec", "rgb.png")).Resize(4000, 3000).Write(folder.File("large.jpg"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        RgbImage image = RgbImage.Read(folder.File("large.jpg"));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(3 * Pixels, image.Pixels.Length);
        Assert.InRange(allocated, 3 * Pixels, 3 * Pixels + new FileInfo(folder.File("large.jpg")).Length + (1 << 16));
    }

    private static ImageException RefusedAtOnce(byte[] file)
    {
        var clock = Stopwatch.StartNew();
        (ImageException error, long bytes) = Measure(() => ReadBytes(file));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.InRange(bytes, 0, 1 << 20);
        return error;
    }

    private static (ImageException Error, long ManagedBytes) Measure(Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageException error = Check.Throws<ImageException>(read);
        return (error, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RgbImage ReadBytes(byte[] file) => RgbImage.Read(new MemoryStream(file), "a test");
}
