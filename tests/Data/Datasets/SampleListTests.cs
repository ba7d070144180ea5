using SpGpu.Data.Datasets;

namespace SpGpu.Data.Tests.Datasets;

public sealed class SampleListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SampleListTests()
    {
        foreach (string name in new[] { "a.jpg", "a.png", "b c.jpg", "b c.png", "sub/ü.jpg", "sub/ü.png" })
            _folder.Write($"root/{name}", "x");
    }

    private string Root => _folder.File("root");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_give_samples_in_order_whatever_the_line_ends()
    {
        string list = _folder.Write(
            "train.txt", "\uFEFF# two columns\r\n\r\nsub/ü.jpg sub/ü.png  \r\nb c.jpg\tb c.png\r\na.jpg a.png\r\na.jpg a.png");
        Assert.Equal([In("sub/ü.jpg", "sub/ü.png"), In("b c.jpg", "b c.png"), In("a.jpg", "a.png"), In("a.jpg", "a.png")],
            SampleList.Read(list, Root));
    }

    [Fact]
    public void Absolute_paths_stay_and_the_root_may_be_another_folder()
    {
        string absolute = Path.Combine(Root, "a.jpg"), root = Path.Combine(Root, "sub");
        string list = _folder.Write("lists/train.txt", $"{absolute} ../a.png\n");
        Assert.Equal([new Sample(absolute, Path.Combine(root, "../a.png"))], SampleList.Read(list, root));
    }

    [Fact]
    public void Test_list_has_one_column_that_may_have_spaces()
    {
        string list = _folder.Write("test.txt", "a.jpg\nb c.jpg\n");
        Assert.Equal([new Sample(Path.Combine(Root, "a.jpg"), null), new Sample(Path.Combine(Root, "b c.jpg"), null)],
            SampleList.Read(list, Root, labelled: false));
        Check.Throws<DatasetException>(() => SampleList.Read(_folder.Write("t.txt", "a.jpg\ta.png\n"), Root, labelled: false),
            "t.txt', line 1", "2 columns");
    }

    [Theory]
    [InlineData("a.jpg", "one column")]
    [InlineData("b c.jpg b c.png", "more than one space", "tab")]
    [InlineData("a.jpg  a.png", "more than one space")]
    [InlineData("a.jpg\ta.png\ta.png", "not two columns")]
    [InlineData("a.jpg\t\ta.png", "not two columns")]
    [InlineData("a.jpg none.png", "none.png'", "data root")]
    [InlineData("a.jpg sub", "no such file")]
    public void Bad_line_is_refused_by_number(string line, params string[] parts) =>
        Check.Throws<DatasetException>(() => SampleList.Read(_folder.Write("l.txt", $"# head\n\na.jpg a.png\n{line}\na.jpg a.png\n"), Root),
            [.. parts, "l.txt', line 4"]);

    [Theory]
    [InlineData("/dev/null a.png")]
    [InlineData("a.jpg /dev/null")]
    public void A_device_is_refused_by_number(string line)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices have other names there");
        Check.Throws<DatasetException>(() => SampleList.Read(_folder.Write("l.txt", line), Root), "l.txt', line 1",
            "'/dev/null' is a pipe or a device");
    }

    [Fact]
    public void Nothing_to_read_is_refused()
    {
        Check.Throws<DatasetException>(() => SampleList.Read(_folder.Write("l.txt", "# nothing\n\n"), Root), "l.txt", "no samples");
        Check.Throws<DatasetException>(() => SampleList.Read(_folder.File("none.txt"), Root), "none.txt", "no such file");
        Check.Throws<DatasetException>(() => SampleList.Read(_folder.Write("l.txt", "a.jpg a.png"), _folder.File("nowhere")), "nowhere",
            "data root");
        Check.Throws<DatasetException>(() => SampleList.Read(_folder.Write("l.txt", [0xFF, 0xD8, 0xFF]), Root), "l.txt", "UTF-8");
    }

    private Sample In(string image, string label) => new(Path.Combine(Root, image), Path.Combine(Root, label));
}
