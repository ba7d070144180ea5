using System.Globalization;
using SpGpu.Data.Datasets;
using SpGpu.Data.Datasets.Checks;

namespace SpGpu.Data.Tests.Datasets;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Sample> _samples = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_good_dataset_is_described()
    {
        Add("a", 4, 2, [0, 0, 0, 0, 1, 1, 3, 255]);
        Add("b", 2, 4, [1, 1, 1, 1, 1, 1, 1, 1]);
        Add("c", 1, 2, [0, 0]);
        DatasetReport report = Run();
        Assert.Empty(report.Faults);
        Assert.Empty(report.Doubts);
        Assert.Equal((3, (1, 2), (4, 2)), (report.Pictures, report.Smallest, report.Largest));
        Assert.Equal((7 / 3.0, 8 / 3.0), report.MeanSize);
        Assert.Equal([6, 10, 0, 1], report.ClassPixels);
        Assert.Equal([2, 2, 0, 1], report.ClassFiles);
        Assert.Equal(1, report.IgnoredPixels);
        Assert.Equal(6, Run(classes: 6).ClassPixels.Count);
    }

    [Fact]
    public void Bad_files_and_sizes_are_told_with_examples()
    {
        Add("a", 2, 2, [0, 1, 0, 1]);
        for (int i = 0; i < 5; i++)
            _samples.Add(new Sample(_folder.Write($"bad{i}.png", "no picture"), _samples[0].Label));
        _samples.Add(new Sample(_samples[0].Image, _folder.Write("colour.png", File.ReadAllBytes(_samples[0].Image))));
        _samples.Add(new Sample(_folder.File("gone.png"), _folder.File("gone-labels.png")));
        Add("b", 3, 2, [0, 1], labelWidth: 2);
        DatasetReport report = Run();
        Assert.Equal([DatasetFault.Unreadable, DatasetFault.Size], report.Faults.Select(group => group.Fault));
        Assert.Equal((8, 3), (report.Faults[0].Count, report.Faults[0].Examples.Count));
        Assert.Contains("bad0.png", report.Faults[0].Examples[0], StringComparison.Ordinal);
        Assert.Equal(5, report.Faults[0].Unlisted);
        string size = Assert.Single(report.Faults[1].Examples);
        Assert.Equal(0, report.Faults[1].Unlisted);
        Assert.Contains("2 x 1 pixels and its picture", size, StringComparison.Ordinal);
        Assert.Contains("3 x 2; make them the same size", size, StringComparison.Ordinal);
        Assert.Equal(3, report.Pictures);
    }

    [Fact]
    public void Pictures_that_lack_their_end_are_doubtful()
    {
        byte[] jpeg = File.ReadAllBytes(Photos.PathOf("codec", "baseline-444.jpg"));
        var whole = RgbImage.Read(new MemoryStream(jpeg), "a test");
        string labels = _folder.File("labels.png");
        new LabelMap(new byte[whole.Width * whole.Height], whole.Width, whole.Height).Write(labels, Palette.Distinct(256));
        for (int i = 0; i < 2; i++)
            _samples.Add(new Sample(_folder.Write($"{i}.jpg", jpeg[..^2]), labels));
        DatasetReport report = Run();
        Assert.Empty(report.Faults);
        Assert.Contains(report.Doubts, doubt => doubt.Contains("0.jpg' lacks", StringComparison.Ordinal)
            && doubt.EndsWith("(2 pictures are like that)", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_of_a_picture_that_exif_turns_are_told_apart()
    {
        string turned = Path.Combine(AppContext.BaseDirectory, "photos", "codec", "exif-rotate-6.jpg");
        var upright = RgbImage.Read(turned);
        string labels = _folder.File("labels.png");
        new LabelMap(new byte[upright.Width * upright.Height], upright.Height, upright.Width).Write(labels, Palette.Distinct(256));
        _samples.Add(new Sample(turned, labels));
        Assert.NotEqual(upright.Width, upright.Height);
        FaultGroup group = Assert.Single(Run().Faults);
        Assert.Contains("EXIF", Assert.Single(group.Examples), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 2, "0 7 7", "value 7: 2 pixels in", "0 to 1")]
    [InlineData("none", 3, "1 2 3", "value 3: 1 pixels in", "reduce_zero_label")]
    [InlineData("none", 19, "7 24 33", "value 24:", "cityscapes")]
    [InlineData("reduce_zero_label", 2, "0 1 3", "value 3 (label 2 after reduce_zero_label)", "0 to 1")]
    [InlineData("cityscapes", 19, "7 26 40", "value 40:", "labelIds")]
    public void Values_of_no_class_are_told_with_a_remedy(string transform, int classes, string values, string first, string remedy)
    {
        Add("a", 3, 1, [0, 0, 0]);
        Add("b", 3, 1, Bytes(values));
        if (transform == "none" && classes == 3)
            _samples.RemoveAt(0);
        FaultGroup group = Assert.Single(Run(Transform(transform), classes).Faults, group => group.Fault == DatasetFault.Value);
        Assert.Contains(first, group.Examples[0], StringComparison.Ordinal);
        Assert.Contains("b-labels.png", group.Examples[0], StringComparison.Ordinal);
        Assert.Contains(remedy, group.Examples[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "0 255 0", "store 1 instead of 255")]
    [InlineData("cityscapes", "0 1 255", "trainIds")]
    [InlineData("cityscapes", "8 18 13", "trainIds")]
    [InlineData("reduce_zero_label", "0 0 255", "every pixel")]
    [InlineData("none", "0 1 255", null)]
    [InlineData("cityscapes", "0 1 26", null)]
    public void Labels_of_another_kind_are_noticed(string transform, string values, string? remedy)
    {
        Add("a", 3, 1, Bytes(values));
        DatasetReport report = Run(Transform(transform), 19);
        if (remedy is null)
            Assert.Empty(report.Faults);
        else
            Assert.Contains(remedy, Assert.Single(Assert.Single(report.Faults, group => group.Fault == DatasetFault.Kind).Examples),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "1 2 2", "value 0 never occurs")]
    [InlineData("reduce_zero_label", "0 1 2", "if 0 is a class")]
    public void Doubts_are_no_faults(string transform, string values, string doubt)
    {
        Add("a", 3, 1, Bytes(values));
        Add("blank", 1, 1, [255]);
        DatasetReport report = Run(Transform(transform), 3);
        Assert.Empty(report.Faults);
        Assert.Contains(doubt, report.Doubts[0], StringComparison.Ordinal);
        Assert.Contains("1 label maps have no pixel of any class", report.Doubts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var random = new Random(5);
        for (int i = 0; i < 60; i++)
        {
            int width = random.Next(1, 9), height = random.Next(1, 9);
            var labels = new byte[width * height];
            random.NextBytes(labels);
            Add($"{i:00}", width, height, labels);
            if (i % 3 == 0)
                _samples.Add(new Sample(_folder.Write($"bad{i}.jpg", "x"), _samples[^1].Label));
        }
        Assert.Equal(Describe(Run(classes: 9)), Describe(Run(classes: 9, threads: 7)));

        static string Describe(DatasetReport report) => System.Text.Json.JsonSerializer.Serialize(report);
    }

    [Fact]
    public void Odd_files_never_end_it()
    {
        Add("a", 6, 5, [.. Enumerable.Range(0, 30).Select(i => (byte)(i % 4))]);
        byte[] image = File.ReadAllBytes(_samples[0].Image), labels = File.ReadAllBytes(_samples[0].Label!);
        var random = new Random(11);
        for (int i = 0; i < 300; i++)
        {
            byte[] oddImage = [.. image], oddLabels = [.. labels];
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                oddImage[random.Next(image.Length)] = (byte)random.Next(256);
                oddLabels[random.Next(labels.Length)] = (byte)random.Next(256);
            }
            _samples.Add(new Sample(_folder.Write($"odd{i}.png", oddImage),
                _folder.Write($"odd{i}-labels.png", oddLabels[..random.Next(oddLabels.Length + 1)])));
        }
        DatasetReport report = Run(threads: 4);
        Assert.True(report.Faults.Sum(group => group.Count) >= 300, "damage went unnoticed");
    }

    [Fact]
    public void Missing_partners_and_lines_are_collected()
    {
        Add("images/a", 1, 1, [0]);
        Directory.CreateDirectory(_folder.File("labels"));
        File.Copy(_samples[0].Label!, _folder.File("labels/a.png"));
        File.Delete(_samples[0].Label!);
        File.Copy(_folder.File("labels/a.png"), _folder.File("labels/c.png"));
        File.Copy(_folder.File("images/a.png"), _folder.File("images/b.png"));
        var refused = new List<string>();
        Assert.Equal("a.png", Path.GetFileName(Assert.Single(SampleFolder.Read(_folder.Path, refused.Add)).Image));
        Assert.Equal(2, refused.Count);
        Assert.Contains("b.png' is without labels", refused[0], StringComparison.Ordinal);
        Assert.Contains("c.png' is without a picture", refused[1], StringComparison.Ordinal);

        refused.Clear();
        string list = _folder.Write("list.txt", "images/a.png labels/a.png\nimages/x.png labels/a.png\nimages/a.png\n");
        Assert.Single(SampleList.Read(list, _folder.Path, refuse: refused.Add));
        Assert.Equal(2, refused.Count);
        Assert.Contains("line 2: no such file", refused[0], StringComparison.Ordinal);
        Assert.Contains("line 3: one column", refused[1], StringComparison.Ordinal);
    }

    private static byte[] Bytes(string values) => [.. values.Split(' ').Select(value => byte.Parse(value, CultureInfo.InvariantCulture))];

    private static LabelTransform Transform(string name) =>
        new[] { LabelTransform.None, LabelTransform.ReduceZeroLabel, LabelTransform.Cityscapes }
            .Single(transform => transform.Name == name);

    private DatasetReport Run(LabelTransform? transform = null, int? classes = null, int threads = 1)
    {
        using var check = new DatasetCheck(_samples, transform ?? LabelTransform.None, threads,
            cancellation: TestContext.Current.CancellationToken);
        foreach (Sample _ in _samples)
            check.Next();
        return check.Report(classes);
    }

    private void Add(string name, int width, int height, byte[] labels, int labelWidth = 0)
    {
        string image = _folder.File($"{name}.png"), label = _folder.File($"{name}-labels.png");
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        new RgbImage(new byte[3 * width * height], width, height, 3 * width, PixelOrder.Rgb).Write(image);
        int columns = labelWidth > 0 ? labelWidth : width;
        new LabelMap(labels, columns, labels.Length / columns).Write(label, Palette.Distinct(256));
        _samples.Add(new Sample(image, label));
    }
}
