using SpGpu.Data;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu segment -</c>: pictures through a pipe.</summary>
public sealed class PipedSegmentTests : IDisposable
{
    private const int Width = 33, Height = 25, FrameBytes = 3 * Width * Height;

    private readonly TemporaryFolder _folder = new();
    private readonly string _weights;

    public PipedSegmentTests() => _weights = TinyNetwork.WriteBalanced(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_and_pngs_get_the_labels_of_files()
    {
        RgbImage[] pictures = [.. Enumerable.Range(0, 3).Select(Frame)];
        Directory.CreateDirectory(_folder.File("in"));
        for (int i = 0; i < pictures.Length; i++)
            pictures[i].Write(_folder.File($"in/{i}.png"));
        Spgpu.Run("segment", _folder.File("in"), "--weights", _weights, "--device", "cpu", "--out", _folder.File("files")).Done();
        byte[] raw = [.. pictures.SelectMany(picture => picture.Pixels)];
        byte[] pngs = [.. Enumerable.Range(0, 3).SelectMany(i => File.ReadAllBytes(_folder.File($"in/{i}.png")))];
        Spgpu frames = Segment(raw, "frames", "--raw", "33x25").Done();
        Spgpu streamed = Segment(pngs, "pngs").Done();
        Assert.Contains("3 of 3 pictures", frames.Out, StringComparison.Ordinal);
        Assert.Contains("3 of 3 pictures", streamed.Out, StringComparison.Ordinal);
        for (int i = 0; i < pictures.Length; i++)
        {
            byte[] expected = LabelMap.Read(_folder.File($"files/{i}.png")).Labels;
            Assert.Equal(expected, LabelMap.Read(_folder.File($"frames/frame-00000{i + 1}.png")).Labels);
            Assert.Equal(expected, LabelMap.Read(_folder.File($"pngs/frame-00000{i + 1}.png")).Labels);
            Assert.True(File.Exists(_folder.File($"frames/frame-00000{i + 1}.overlay.jpg")));
        }
    }

    [Fact]
    public void One_picture_may_have_any_format()
    {
        Frame(0).Write(_folder.File("a.jpg"));
        Segment(File.ReadAllBytes(_folder.File("a.jpg")), "out").Done();
        Assert.Equal(Width, LabelMap.Read(_folder.File("out/frame-000001.png")).Width);
    }

    [Fact]
    public void A_stream_that_ends_too_early_leaves_what_is_done()
    {
        byte[] raw = [.. Frame(0).Pixels, .. Frame(1).Pixels[..^1]];
        Spgpu run = Segment(raw, "out", "--raw", "33x25");
        run.Fails(3, $"ends after {FrameBytes - 1} bytes of frame 2: a frame of 33 x 25 takes {FrameBytes}");
        Assert.Contains("1 of 1 picture in", run.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("out/frame-000001.png")));
        Frame(0).Write(_folder.File("a.png"));
        byte[] png = File.ReadAllBytes(_folder.File("a.png"));
        Segment([.. png, .. png[..^20]], "out").Fails(3, "'PNG 2 of the standard input'");
        Segment([.. png, .. "more of it"u8], "out").Fails(3, "goes on after 1 PNG files with what is none");
        Segment([.. png[..8], 0x7F, 0xFF, 0xFF, 0xFF, .. "IHDR"u8], "out").Fails(3, "more than 512 MiB");
    }

    [Fact]
    public void Nothing_is_a_mistake()
    {
        Segment([], "out").Fails(3, "'the standard input'", "empty");
        Segment([], "out", "--raw", "33x25").Fails(3, "ends after 0 bytes of frame 1");
    }

    [Theory]
    [InlineData("segment - a.png --weights w", "'-' is the standard input; name it alone")]
    [InlineData("segment a.png --raw 4x4 --weights w", "--raw is for frames of the standard input; name '-' instead of 'a.png'")]
    [InlineData("segment - --raw 4 --weights w", "--raw 4: give width and height, as in 640x480")]
    [InlineData("segment - --raw 20000x20000 --weights w", "of at most 100 megapixels")]
    public void A_wrong_command_line_is_named(string line, string message) => Spgpu.Run(line.Split(' ')).Fails(2, message);

    private Spgpu Segment(byte[] input, string output, params string[] options) => Spgpu.Piped(
        input, ["segment", "-", "--weights", _weights, "--device", "cpu", "--out", _folder.File(output), .. options]);

    private static RgbImage Frame(int number)
    {
        byte[] pixels = TinyNetwork.Picture(Width, Height).Pixels;
        return new RgbImage([.. pixels.Select(value => (byte)(value + 60 * number))], Width, Height, 3 * Width, PixelOrder.Rgb);
    }
}
