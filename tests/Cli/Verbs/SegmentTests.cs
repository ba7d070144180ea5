using System.Text.Json;
using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu segment</c>.</summary>
public sealed class SegmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_labels_overlay_and_shares()
    {
        string weights = TinyNetwork.Write(_folder);
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        Spgpu run = Spgpu.Run("segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out")).Done();
        Assert.Contains("a.png: class ", run.Out, StringComparison.Ordinal);

        var labels = LabelMap.Read(_folder.File("out/a.png"));
        using var device = Device.Open("cpu");
        using var net = SpNet.Load(weights, device);
        LabelMap expected = net.Segment(RgbImage.Read(picture));
        Assert.Equal(expected.Labels, labels.Labels);
        var overlay = RgbImage.Read(_folder.File("out/a.overlay.jpg"));
        Assert.Equal((33, 25), (overlay.Width, overlay.Height));

        JsonElement report = Report("out/a.json");
        Assert.Equal(picture, report.GetProperty("picture").GetString());
        Assert.Equal(weights, report.GetProperty("weights").GetString());
        Assert.Equal("cpu", report.GetProperty("device").GetString());
        Assert.Equal(33, report.GetProperty("width").GetInt32());
        Assert.Equal(25, report.GetProperty("height").GetInt32());
        Assert.True(report.GetProperty("milliseconds").GetDouble() > 0);
        long[] shares = expected.Shares(5);
        JsonElement[] classes = [.. report.GetProperty("classes").EnumerateArray()];
        Assert.Equal(shares.Count(pixels => pixels > 0), classes.Length);
        Assert.All(classes, one =>
        {
            int index = one.GetProperty("index").GetInt32();
            Assert.Equal($"class {index}", one.GetProperty("name").GetString());
            Assert.Equal(shares[index], one.GetProperty("pixels").GetInt64());
            Assert.Equal(shares[index] / 825.0, one.GetProperty("share").GetDouble(), 5);
        });
    }

    [Fact]
    public void Names_and_colours_of_the_weights_are_used_without_an_option()
    {
        var classes = new NetworkClasses(new(["sky", "road", "kerb", "car", "pole"]), new(Palette.Cityscapes.Take(5)));
        string weights = _folder.File("named.safetensors");
        using (var tiny = WeightsFile.Open(TinyNetwork.WriteBalanced(_folder)))
            tiny.Convert(weights, classes.Metadata);
        string picture = TinyNetwork.WritePicture(_folder, "a.png", 200, 60);
        Spgpu run = Spgpu.Run("segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out")).Done();
        Assert.DoesNotContain("class ", run.Out, StringComparison.Ordinal);
        Assert.All(Report("out/a.json").GetProperty("classes").EnumerateArray(), one =>
        {
            int index = one.GetProperty("index").GetInt32();
            Assert.Equal(classes.Names![index], one.GetProperty("name").GetString());
            Assert.Equal($"#{classes.Colours![index].ToHex()}", one.GetProperty("color").GetString());
        });
        var overlay = RgbImage.Read(_folder.File("out/a.overlay.jpg"));
        Assert.Equal(200, overlay.Width);
        Assert.InRange(overlay.Height, 60 + 15, 60 + 80);
        Spgpu.Run("segment", picture, "--weights", weights, "--names", "cityscapes", "--device", "cpu")
            .Fails(2, "'cityscapes' has 19 names");
    }

    [Fact]
    public void Names_and_colours_that_nobody_gave_are_marked_as_assumed()
    {
        string picture = TinyNetwork.WritePicture(_folder, "a.png"), weights = TinyNetwork.Write(_folder, classes: 21);
        string[] run = ["segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out")];
        Spgpu.Run(run).Done();
        Assert.Equal("names and colours of PASCAL VOC", Report("out/a.json").GetProperty("assumed").GetString());
        Assert.All(Report("out/a.json").GetProperty("classes").EnumerateArray(), one =>
            Assert.Equal(ClassNames.Voc[one.GetProperty("index").GetInt32()], one.GetProperty("name").GetString()));
        Spgpu.Run([.. run, "--names", "voc"]).Done();
        Assert.Equal("colours of PASCAL VOC", Report("out/a.json").GetProperty("assumed").GetString());
        Spgpu.Run([.. run, "--names", "voc", "--palette", "voc"]).Done();
        Assert.False(Report("out/a.json").TryGetProperty("assumed", out _));
        string info = Spgpu.Run("info", weights).Done().Out;
        Assert.Contains("assumed         names and colours of PASCAL VOC, by the number of classes", info, StringComparison.Ordinal);
        Assert.DoesNotContain("assumed", Spgpu.Run("info", TinyNetwork.Write(_folder)).Done().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_reach_the_network()
    {
        string weights = TinyNetwork.Write(_folder);
        string picture = TinyNetwork.WritePicture(_folder, "a.png", 50, 40);
        Spgpu.Run("segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out"),
            "--window", "32", "--flip", "--long-side", "40", "--threads", "1").Done();
        using var device = Device.Open("cpu");
        using var net = SpNet.Load(weights, device);
        LabelMap expected = net.Segment(RgbImage.Read(picture), new() { Window = 32, Flip = true, LongSide = 40 });
        Assert.Equal(expected.Labels, LabelMap.Read(_folder.File("out/a.png")).Labels);
        Assert.NotEqual(net.Segment(RgbImage.Read(picture)).Labels, expected.Labels);
    }

    [Fact]
    public void Options_of_the_official_test_reach_the_network()
    {
        string weights = TinyNetwork.WriteBalanced(_folder);
        string picture = TinyNetwork.WritePicture(_folder, "a.png", 50, 40);
        Spgpu.Run("segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out"),
            "--scales", "0.5,1.25", "--base-size", "48", "--window", "32").Done();
        using var device = Device.Open("cpu");
        using var net = SpNet.Load(weights, device);
        LabelMap expected = net.Segment(RgbImage.Read(picture), new() { Window = 32, BaseSize = 48, Scales = [0.5, 1.25] });
        Assert.Equal(expected.Labels, LabelMap.Read(_folder.File("out/a.png")).Labels);
        Assert.NotEqual(net.Segment(RgbImage.Read(picture), new() { Window = 32 }).Labels, expected.Labels);
    }

    [Theory]
    [InlineData(19, "road")]
    [InlineData(150, "wall")]
    public void Names_and_colours_follow_the_number_of_classes(int classes, string first)
    {
        string weights = TinyNetwork.Write(_folder, classes);
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        Spgpu.Run("segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out")).Done();
        ClassNames names = classes == 19 ? ClassNames.Cityscapes : ClassNames.Ade20k;
        Assert.Equal(first, names[0]);
        Assert.All(Report("out/a.json").GetProperty("classes").EnumerateArray(), one =>
            Assert.Equal(names[one.GetProperty("index").GetInt32()], one.GetProperty("name").GetString()));
    }

    [Fact]
    public void Own_palette_and_names_are_used()
    {
        string weights = TinyNetwork.Write(_folder, classes: 3);
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        string palette = _folder.Write("p.txt", "1 2 3\n4 5 6\n7 8 9\n");
        string names = _folder.Write("n.txt", "one\ntwo\nthree\n");
        string[] line = ["segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File("out")];
        Spgpu.Run([.. line, "--palette", palette, "--names", names]).Done();
        var shown = RgbImage.Read(_folder.File("out/a.png"));
        byte label = LabelMap.Read(_folder.File("out/a.png")).Labels[0];
        Assert.Equal([(byte)(3 * label + 1), (byte)(3 * label + 2), (byte)(3 * label + 3)], shown.Pixels[..3]);
        string[] known = ["one", "two", "three"];
        Assert.All(Report("out/a.json").GetProperty("classes").EnumerateArray(), one =>
            Assert.Equal(known[one.GetProperty("index").GetInt32()], one.GetProperty("name").GetString()));
    }

    [Fact]
    public void A_bad_picture_does_not_stop_the_others()
    {
        string weights = TinyNetwork.Write(_folder);
        TinyNetwork.WritePicture(_folder, "in/a.png");
        _folder.Write("in/b.png", "no picture");
        TinyNetwork.WritePicture(_folder, "in/c.jpg");
        Spgpu run = Spgpu.Run("segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out"))
            .Fails(3, "b.png");
        Assert.Contains("2 of 3 pictures", run.Out, StringComparison.Ordinal);
        Assert.Equal(["a.json", "a.overlay.jpg", "a.png", "c.json", "c.overlay.jpg", "c.png"], Files("out"));
    }

    [Fact]
    public void Verbose_adds_the_stack_of_what_goes_wrong_with_a_picture()
    {
        string[] line = ["segment", _folder.Write("b.png", "no picture"), "--weights", TinyNetwork.Write(_folder), "--device", "cpu",
            "--out", _folder.File("out")];
        Assert.DoesNotContain("   at SpGpu.", Spgpu.Run(line).Error, StringComparison.Ordinal);
        Spgpu run = Spgpu.Run([.. line, "--verbose"]);
        Assert.Equal(3, run.Code);
        Assert.Contains("   at SpGpu.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_goes_wrong_with_a_picture_does_not_stop_the_others()
    {
        string weights = TinyNetwork.Write(_folder);
        TinyNetwork.WritePicture(_folder, "in/a.png");
        TinyNetwork.WritePicture(_folder, "in/b.png");
        TinyNetwork.WritePicture(_folder, "in/c.png");
        // Where the results of two of them go something else is.
        Directory.CreateDirectory(_folder.File("out/a.png"));
        Directory.CreateDirectory(_folder.File("out/c.json"));
        Spgpu run = Spgpu.Run("segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out"));
        Assert.Equal(3, run.Code);
        Assert.Equal(2, run.ErrorLines.Length);
        Assert.Contains("a.png", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains(_folder.File(Path.Combine("in", "c.png")), run.ErrorLines[1], StringComparison.Ordinal);
        Assert.Contains("1 of 3 pictures", run.Out, StringComparison.Ordinal);
        Assert.Contains("b.png: class ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_names_that_pictures_have_are_shortened()
    {
        string weights = TinyNetwork.Write(_folder);
        string most = new('n', 255 - ".jpg".Length);
        // Letters of three bytes each, and two names that differ at the end alone.
        string[] names =
            [most, most[..^1] + 'm', most[..(255 - ".overlay.jpg".Length)], string.Concat(Enumerable.Repeat("写", 80)) + "abcdef"];
        string last = TinyNetwork.WritePicture(_folder, Path.Combine("in", "zz.jpg"));
        foreach (string name in names)
            File.Copy(last, _folder.File(Path.Combine("in", $"{name}.jpg")));
        Spgpu run = Spgpu.Run("segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out")).Done();
        Assert.Contains("5 of 5 pictures", run.Out, StringComparison.Ordinal);
        Assert.Equal(15, Files("out").Length);
        Assert.Contains("zz.png", Files("out"));
    }

    [Fact]
    public void A_picture_too_long_for_a_jpeg_gets_its_overlay_as_png()
    {
        string weights = TinyNetwork.Write(_folder);
        TinyNetwork.WritePicture(_folder, "in/a.png", 65_501, 2);
        Spgpu.Run("segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out"), "--long-side",
            "1024").Done();
        Assert.Equal(["a.json", "a.overlay.png", "a.png"], Files("out"));
        Assert.Equal("a.overlay.png", Report("out/a.json").GetProperty("overlay").GetString());
        Assert.Equal(65_501, RgbImage.Read(_folder.File("out/a.overlay.png")).Width);
    }

    [Fact]
    public void A_jpeg_without_its_end_is_done_with_a_warning()
    {
        string weights = TinyNetwork.Write(_folder);
        byte[] whole = File.ReadAllBytes(TinyNetwork.WritePicture(_folder, "a.jpg"));
        _folder.Write("in/b.jpg", whole[..^2]);
        _folder.Write("in/c.jpg", whole[..^20]);
        Spgpu run = Spgpu.Run("segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out"));
        Assert.Equal(3, run.Code);
        Assert.Equal(2, run.ErrorLines.Length);
        Assert.Contains("b.jpg' lacks the bytes that end a JPEG", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("c.jpg': it is cut short", run.ErrorLines[1], StringComparison.Ordinal);
        Assert.Equal(["b.json", "b.overlay.jpg", "b.png"], Files("out"));
    }

    [Fact]
    public void What_systems_leave_behind_is_passed_over()
    {
        string weights = TinyNetwork.Write(_folder);
        TinyNetwork.WritePicture(_folder, "in/a.png");
        _folder.Write("in/._a.png", "litter");
        _folder.Write("in/.DS_Store", "litter");
        Spgpu run = Spgpu.Run("segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out")).Done();
        Assert.Contains("passed over 2 files", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 of 1 picture in", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_names_get_numbers_in_order()
    {
        string weights = TinyNetwork.Write(_folder);
        string list = _folder.Write("list.txt", "x/a.png\ny/a.png\ny/a.jpg\nx/A.jpg\n");
        TinyNetwork.WritePicture(_folder, "x/a.png", 16, 16);
        TinyNetwork.WritePicture(_folder, "y/a.png", 17, 16);
        TinyNetwork.WritePicture(_folder, "y/a.jpg", 18, 16);
        TinyNetwork.WritePicture(_folder, "x/A.jpg", 19, 16);
        Spgpu.Run("segment", list, "--weights", weights, "--device", "cpu", "--out", _folder.File("out")).Done();
        string[] names = ["a", "a-2", "a-3", "A-4"];
        Assert.Equal([16, 17, 18, 19], names.Select(name => Report($"out/{name}.json").GetProperty("width").GetInt32()));
    }

    [Fact]
    public void Inputs_are_never_replaced()
    {
        string weights = TinyNetwork.Write(_folder);
        string picture = TinyNetwork.WritePicture(_folder, "in/a.png");
        byte[] before = File.ReadAllBytes(picture);
        // Links need rights on Windows.
        if (!OperatingSystem.IsWindows())
            Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("in"));
        foreach (string output in OperatingSystem.IsWindows() ? (string[])["in"] : ["in", "link"])
        {
            Spgpu.Run("segment", picture, "--weights", weights, "--device", "cpu", "--out", _folder.File(output)).Done();
            Assert.Equal(before, File.ReadAllBytes(picture));
        }
        Assert.Equal(["a-2.json", "a-2.overlay.jpg", "a-2.png", "a.png"], Files("in"));
    }

    [Fact]
    public void Interrupted_between_pictures_it_keeps_what_is_done()
    {
        string weights = TinyNetwork.Write(_folder);
        TinyNetwork.WritePicture(_folder, "in/a.png");
        TinyNetwork.WritePicture(_folder, "in/b.png");
        using var stop = new CancellationTokenSource();
        using var output = new Interrupting(stop);
        using var error = new StringWriter();
        string[] line = ["segment", _folder.File("in"), "--weights", weights, "--device", "cpu", "--out", _folder.File("out")];
        int code = Program.Run(line, output, error, stop.Token);
        Assert.Equal(130, code);
        Assert.Equal("spgpu: interrupted", error.ToString().Trim());
        Assert.Contains("1 of 2 pictures", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(["a.json", "a.overlay.jpg", "a.png"], Files("out"));
    }

    [Fact]
    public void Weights_that_do_not_fit_are_taken_when_asked()
    {
        Layers.StateDict state = TinyNetwork.State(5);
        state["extra"] = new Layers.HostTensor(new float[1], 1);
        Models.Weights.SafeTensors.Write(_folder.File("extra.safetensors"), state);
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        string[] line =
            ["segment", picture, "--weights", _folder.File("extra.safetensors"), "--device", "cpu", "--out", _folder.File("out")];
        Spgpu.Run(line).Fails(3, "1 unexpected ('extra')");
        Spgpu run = Spgpu.Run([.. line, "--no-strict"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("does not fit exactly: 1 unexpected ('extra')", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("out/a.png")));
    }

    [Theory]
    [InlineData("--palette", "the palette 'ade20k' has 150 colours, the network has 5 classes")]
    [InlineData("--names", "the list of names 'ade20k' has 150 names, the network has 5 classes")]
    public void Another_number_of_classes_is_refused(string option, string message) =>
        Fails(2, [option, "ade20k"], message);

    [Fact]
    public void A_missing_palette_is_a_bad_input() => Fails(3, ["--palette", _folder.File("none.txt")], "none.txt': no such file");

    [Fact]
    public void A_window_too_small_is_usage() => Fails(2, ["--window", "8"], "a window of 8");

    [Fact]
    public void An_unknown_device_is_named() => Fails(4, ["--device", "tpu:0"], "there is no device 'tpu:0'");

    [Fact]
    public void A_file_where_the_folder_should_be_fails() => Fails(1, ["--out", _folder.Write("file", "x")], "cannot make the folder");

    [Fact]
    public void A_missing_picture_is_named() =>
        Spgpu.Run("segment", "none.jpg", "--weights", TinyNetwork.Write(_folder)).Fails(3, "'none.jpg' does not exist");

    [Fact]
    public void Missing_weights_are_named() =>
        Spgpu.Run("segment", TinyNetwork.WritePicture(_folder, "a.png"), "--weights", "none.pth").Fails(3, "cannot open 'none.pth'");

    [Fact]
    public void Truncated_weights_are_refused()
    {
        byte[] whole = File.ReadAllBytes(TinyNetwork.Write(_folder));
        string cut = _folder.Write("cut.safetensors", whole[..^100]);
        Spgpu.Run("segment", TinyNetwork.WritePicture(_folder, "a.png"), "--weights", cut).Fails(3, "cut.safetensors");
    }

    private void Fails(int code, string[] options, string message)
    {
        string weights = TinyNetwork.Write(_folder);
        string picture = TinyNetwork.WritePicture(_folder, "a.png");
        Spgpu run = Spgpu.Run(["segment", picture, "--weights", weights, .. options]).Fails(code, message);
        Assert.Equal("", run.Out);
    }

    private JsonElement Report(string name) => JsonDocument.Parse(File.ReadAllBytes(_folder.File(name))).RootElement;

    private string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(_folder.File(folder)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Asks the tool to stop as soon as it has written a line.</summary>
    private sealed class Interrupting(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            stop.Cancel();
        }
    }
}
