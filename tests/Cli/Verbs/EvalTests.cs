using System.Globalization;
using System.Text.Json;
using SpGpu.Data;
using SpGpu.Data.Metrics;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Models;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu eval</c>.</summary>
public sealed class EvalTests : IDisposable
{
    private const int Classes = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly string _weights;

    public EvalTests()
    {
        _weights = TinyNetwork.WriteBalanced(_folder, Classes);
        for (int i = 0; i < 3; i++)
            Write($"data/images/{i}.png", $"data/labels/{i}.png", 30 + i, 24, pixel => pixel % 7 == 0 ? 255 : pixel * (i + 1) / 90 % 4);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scores_are_those_of_the_library()
    {
        Spgpu run =
            Run("--data", _folder.File("data"), "--json", _folder.File("out/s.json"), "--confusion", _folder.File("out/c.csv")).Done();
        ConfusionMatrix expected = Expected(new());
        SegmentationScores scores = expected.Score();
        Assert.DoesNotContain(run.Lines, line => line.Length > 80);
        Assert.InRange(Enumerable.Range(0, Classes).Count(c => scores.ClassIoU[c] > 0), 2, Classes);
        Assert.StartsWith(Invariant($"mIoU: {scores.MeanIoUOfPresent:0.0000} (over the "), run.Lines[^1], StringComparison.Ordinal);
        Assert.StartsWith(Invariant($"mIoU, official: {scores.MeanIoU:0.0000} (over all 5 classes"), run.Lines[^2],
            StringComparison.Ordinal);
        Assert.StartsWith(Invariant($"mAcc, official: {scores.MeanAccuracy:0.0000}"), run.Lines[^3], StringComparison.Ordinal);
        Assert.Equal(Invariant($"pixel accuracy: {scores.PixelAccuracy:0.0000}"), run.Lines[^4]);
        Assert.StartsWith("3 of 3 pictures in ", run.Lines[^5], StringComparison.Ordinal);
        Assert.StartsWith("    class ", run.Lines[0], StringComparison.Ordinal);
        for (int c = 0; c < Classes; c++)
        {
            string[] cells = run.Lines[1 + c].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(c.ToString(CultureInfo.InvariantCulture), cells[0]);
            Assert.Equal(scores.IsPresent(c) ? Invariant($"{scores.ClassIoU[c]:0.0000}") : "-", cells[3]);
            Assert.Equal(Invariant($"{scores.ClassPixels[c]:N0}"), cells[^1]);
        }

        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("out/s.json"))).RootElement;
        Assert.Equal(scores.MeanIoUOfPresent, json.GetProperty("miou").GetDouble());
        Assert.Equal(scores.MeanIoU, json.GetProperty("miou_official").GetDouble());
        Assert.Equal(scores.PixelAccuracy, json.GetProperty("pixel_accuracy").GetDouble());
        Assert.Equal(3, json.GetProperty("pictures").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("classes")[4].GetProperty("accuracy").ValueKind);
        Assert.Equal(scores.ClassPixels[1], json.GetProperty("classes")[1].GetProperty("pixels").GetInt64());

        string[] rows = File.ReadAllLines(_folder.File("out/c.csv"));
        Assert.Equal("label \\ prediction,class 0,class 1,class 2,class 3,class 4", rows[0]);
        Assert.Equal($"class 2,{string.Join(',', Enumerable.Range(0, Classes).Select(p => expected[2, p]))}", rows[3]);
    }

    [Fact]
    public void The_official_test_can_be_asked_for()
    {
        Spgpu run =
            Run("--data", _folder.File("data"), "--official", "ade20k", "--base-size", "40", "--window", "32", "--scales", "0.5,1").Done();
        var options = new SegmentOptions { BaseSize = 40, Window = 32, Flip = true, Scales = [0.5, 1] };
        Assert.StartsWith(Invariant($"mIoU: {Expected(options).Score().MeanIoUOfPresent:0.0000} "), run.Lines[^1],
            StringComparison.Ordinal);
        Assert.NotEqual(Expected(new()).Score().MeanIoUOfPresent, Expected(options).Score().MeanIoUOfPresent);
    }

    [Fact]
    public void A_list_gives_what_the_folder_gives()
    {
        string list = _folder.Write("lists/val.txt", string.Concat(Enumerable.Range(0, 3).Select(i => $"images/{i}.png labels/{i}.png\n")));
        string expected = Run("--data", _folder.File("data")).Done().Lines[^1];
        Assert.Equal(expected, Run("--list", list, "--root", _folder.File("data")).Done().Lines[^1]);
        string beside = _folder.Write("data/val.txt", File.ReadAllText(list));
        Assert.Equal(expected, Run("--list", beside).Done().Lines[^1]);
    }

    [Fact]
    public void Labels_are_transformed()
    {
        for (int i = 0; i < 3; i++)
        {
            var labels = LabelMap.Read(_folder.File($"data/labels/{i}.png"));
            byte[] raised = [.. labels.Labels.Select(label => label == 255 ? (byte)0 : (byte)(label + 1))];
            Directory.CreateDirectory(_folder.File("raised/labels"));
            new LabelMap(raised, labels.Width, labels.Height).Write(_folder.File($"raised/labels/{i}.png"), Palette.Distinct(256));
        }
        foreach (string image in Directory.GetFiles(_folder.File("data/images")))
            _folder.Write($"raised/images/{Path.GetFileName(image)}", File.ReadAllBytes(image));
        Assert.Equal(
            Run("--data", _folder.File("data")).Done().Lines[^1],
            Run("--data", _folder.File("raised"), "--labels", "ade20k").Done().Lines[^1]);
    }

    [Fact]
    public void Another_label_is_ignored()
    {
        string expected = Run("--data", _folder.File("data")).Done().Lines[^1];
        for (int i = 0; i < 3; i++)
        {
            var labels = LabelMap.Read(_folder.File($"data/labels/{i}.png"));
            new LabelMap([.. labels.Labels.Select(label => label == 255 ? (byte)200 : label)], labels.Width, labels.Height)
                .Write(_folder.File($"data/labels/{i}.png"), Palette.Distinct(256));
        }
        Assert.Equal(expected, Run("--data", _folder.File("data"), "--ignore-label", "200").Done().Lines[^1]);
        Assert.Equal(3, Run("--data", _folder.File("data")).Code);
        Run("--data", _folder.File("data"), "--ignore-label", "256").Fails(2, "--ignore-label 256; a label is a byte");
    }

    [Fact]
    public void Bad_samples_are_left_out_and_told()
    {
        _folder.Write("data/images/1.png", "no picture");
        Spgpu run = Run("--data", _folder.File("data")).Fails(3, "1.png");
        Assert.Contains(run.Lines, line => line.StartsWith("2 of 3 pictures", StringComparison.Ordinal));
        foreach (int i in (int[])[0, 2])
            _folder.Write($"data/images/{i}.png", "no picture");
        run = Run("--data", _folder.File("data"), "--json", _folder.File("s.json"));
        Assert.Equal(3, run.Code);
        Assert.StartsWith("0 of 3 pictures", Assert.Single(run.Lines), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("s.json")));
    }

    [Fact]
    public void What_systems_leave_behind_is_passed_over()
    {
        string[] scores = Run("--data", _folder.File("data")).Done().Lines;
        _folder.Write("data/images/._1.png", "litter");
        _folder.Write("data/labels/._1.png", "litter");
        string[] lines = Run("--data", _folder.File("data")).Done().Lines;
        Assert.All(lines[..2], line => Assert.StartsWith("passed over 1 file of", line, StringComparison.Ordinal));
        Assert.Equal(scores[^1], lines[^1]);
    }

    [Fact]
    public void Interrupted_it_shows_what_it_has()
    {
        _folder.Write("data/images/0.png", "no picture");
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new Interrupting(stop);
        string[] line =
            ["eval", "--weights", _weights, "--device", "cpu", "--data", _folder.File("data"), "--json", _folder.File("s.json")];
        Assert.Equal(130, Program.Run(line, output, error, stop.Token));
        Assert.StartsWith("0 of 3 pictures", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("spgpu: interrupted", error.ToString().Trim(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("s.json")));
    }

    [Theory]
    [InlineData(2, "no pictures; give --data DIR or --list FILE")]
    [InlineData(2, "a folder and a list", "--data", "data", "--list", "x.txt")]
    [InlineData(2, "--root belongs to a list", "--data", "data", "--root", "data")]
    [InlineData(2, "--labels voc: give identity, ade20k or cityscapes", "--data", "data", "--labels", "voc")]
    [InlineData(2, "a scale of 99", "--data", "data", "--scales", "99")]
    [InlineData(3, "is no folder", "--data", "none")]
    [InlineData(3, "none.txt': no such file", "--list", "none.txt")]
    [InlineData(1, "cannot make the folder", "--data", "data", "--json", "balanced.safetensors/s.json")]
    public void Mistakes_are_told_before_anything_is_evaluated(int code, string message, params string[] options)
    {
        string[] paths = ["data", "x.txt", "none", "none.txt", "balanced.safetensors/s.json"];
        Spgpu run = Run([.. options.Select(option => paths.Contains(option) ? _folder.File(option) : option)]).Fails(code, message);
        Assert.Equal("", run.Out);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private Spgpu Run(params string[] options) => Spgpu.Run(["eval", "--weights", _weights, "--device", "cpu", .. options]);

    private ConfusionMatrix Expected(SegmentOptions options)
    {
        using var device = Device.Open("cpu");
        using var net = SpNet.Load(_weights, device);
        var matrix = new ConfusionMatrix(Classes);
        for (int i = 0; i < 3; i++)
        {
            LabelMap found = net.Segment(RgbImage.Read(_folder.File($"data/images/{i}.png")), options);
            matrix.Add(LabelMap.Read(_folder.File($"data/labels/{i}.png")).Labels, found.Labels);
        }
        return matrix;
    }

    private void Write(string image, string labels, int width, int height, Func<int, int> label)
    {
        TinyNetwork.WritePicture(_folder, image, width, height);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(labels))!);
        byte[] values = [.. Enumerable.Range(0, width * height).Select(pixel => (byte)label(pixel))];
        new LabelMap(values, width, height).Write(_folder.File(labels), Palette.Distinct(256));
    }

    /// <summary>Asks the tool to stop as soon as it complains.</summary>
    private sealed class Interrupting(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            stop.Cancel();
        }
    }
}
