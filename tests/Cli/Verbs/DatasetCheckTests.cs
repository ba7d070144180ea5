using SpGpu.Data;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu dataset check</c>.</summary>
public sealed class DatasetCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DatasetCheckTests()
    {
        Write("a", 20, 10, pixel => pixel < 50 ? 0 : 1);
        Write("b", 30, 10, pixel => pixel < 30 ? 255 : 3);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_good_dataset_is_described()
    {
        Spgpu run = Spgpu.Run("dataset", "check", _folder.Path).Done();
        Assert.Equal(
            [
                "pictures: 2, mean 25 x 10, smallest 20 x 10, largest 30 x 10",
                "    class                                   share   pictures             pixels",
                "  0 class 0                                  10 %          1                 50",
                "  1 class 1                                  30 %          1                150",
                "  3 class 3                                  54 %          1                270",
                "    ignored                                   6 %                            30",
                "never:    2 class 2",
                "nothing is wrong",
            ], run.Lines);
    }

    [Fact]
    public void Faults_are_told_and_counted()
    {
        TinyNetwork.WritePicture(_folder, "images/c.png", 5, 5);
        Write("d", 8, 8, _ => 1);
        _folder.Write("images/d.png", "no picture");
        string[] args = ["dataset", "check", _folder.Path, "--classes", "3", "--threads", "3"];
        Spgpu.Run(args).Fails(3, "the dataset has faults: 1 missing file, 1 unreadable file, 1 label value of no class");
        string[] lines = Spgpu.OnScreen(80, args).Lines;
        Assert.Contains("c.png", Below(lines, "1 missing file:"), StringComparison.Ordinal);
        Assert.Contains("d.png", Below(lines, "1 unreadable file:"), StringComparison.Ordinal);
        Assert.Contains("value 3: 270 pixels in", Below(lines, "1 label value of no class:"), StringComparison.Ordinal);
        // Names of files may be longer; words are not cut.
        Assert.DoesNotContain(lines, line => line.Length > 80 && !line.Contains(_folder.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_told_on_request()
    {
        for (int i = 0; i < 5; i++)
        {
            Write($"bad{i}", 8, 8, _ => 1);
            _folder.Write($"images/bad{i}.png", "no picture");
        }
        Spgpu some = Spgpu.Run("dataset", "check", _folder.Path).Fails(3, "5 unreadable files");
        Assert.Equal(
            3, some.Lines.Count(
                line => line.Contains("no picture", StringComparison.Ordinal) || line.Contains("cannot read '", StringComparison.Ordinal)));
        Assert.Contains("   and 2 more; add --verbose for all", some.Lines);
        Spgpu all = Spgpu.Run("dataset", "check", _folder.Path, "--verbose");
        Assert.Equal(5, all.Lines.Count(line => line.Contains("cannot read '", StringComparison.Ordinal)));
        Assert.DoesNotContain(all.Lines, line => line.Contains(" more", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("streets", "  0 sky")]
    [InlineData("cityscapes", "  0 road")]
    [InlineData("ade20k", "  0 wall")]
    public void Names_of_known_data_sets_are_taken(string names, string line) =>
        Assert.Contains(Spgpu.Run("dataset", "check", _folder.Path, "--names", names).Done().Lines,
            found => found.StartsWith(line, StringComparison.Ordinal));

    [Fact]
    public void What_systems_leave_behind_is_no_fault()
    {
        _folder.Write("images/._a.png", "litter");
        _folder.Write("labels/.DS_Store", "litter");
        Spgpu run = Spgpu.Run("dataset", "check", _folder.Path).Done();
        Assert.Equal(2, run.Lines.Count(found => found.StartsWith("passed over 1 file of", StringComparison.Ordinal)));
        Assert.Equal("nothing is wrong", run.Lines[^1]);
    }

    [Theory]
    [InlineData("ade20k", "    0 wall")]
    [InlineData("cityscapes", "    ignored")]
    public void Label_files_of_other_kinds_are_read(string labels, string line)
    {
        Write("b", 30, 10, _ => labels == "ade20k" ? 1 : 7);
        Write("a", 20, 10, _ => labels == "ade20k" ? 150 : 26);
        Write("c", 20, 10, _ => 0);
        Spgpu run = Spgpu.Run("dataset", "check", _folder.Path, "--labels", labels).Done();
        Assert.Contains(run.Lines, found => found.Contains(line.Trim(), StringComparison.Ordinal));
    }

    [Fact]
    public void Kinds_that_are_mixed_up_are_noticed() =>
        Spgpu.Run("dataset", "check", _folder.Path, "--labels", "cityscapes").Fails(3, "labels of another kind");

    [Fact]
    public void A_list_can_be_checked()
    {
        string list = _folder.Write("list.txt", "images/a.png labels/a.png\nimages/x.png labels/a.png\n");
        Spgpu run = Spgpu.Run("dataset", "check", "--list", list).Fails(3, "1 missing file");
        Assert.StartsWith("pictures: 1, mean 20 x 10", run.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Names_say_how_many_classes_there_are()
    {
        string names = _folder.Write("names.txt", "sky\nland\n");
        Spgpu run = Spgpu.Run("dataset", "check", _folder.Path, "--names", names).Fails(3, "1 label value of no class");
        Assert.Contains(run.Lines, line => line.StartsWith("  0 sky ", StringComparison.Ordinal));
        Spgpu.Run("dataset", "check", _folder.Path, "--names", names, "--classes", "3").Fails(2, "has 2 names");
    }

    [Theory]
    [InlineData(2, "no pictures; give DIR or --list FILE")]
    [InlineData(2, "256 classes", "images", "--classes", "256")]
    [InlineData(3, "is no folder", "images")]
    public void Mistakes_are_told(int code, string message, params string[] options) =>
        Assert.Equal("", Spgpu.Run(["dataset", "check", .. options.Select(option => option == "images" ? _folder.File(option) : option)])
            .Fails(code, message).Out);

    private static string Below(string[] lines, string heading)
    {
        int at = Array.IndexOf(lines, heading);
        Assert.True(at >= 0, $"no '{heading}'");
        return string.Join(' ', lines[(at + 1)..].TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)));
    }

    private void Write(string name, int width, int height, Func<int, int> label)
    {
        TinyNetwork.WritePicture(_folder, $"images/{name}.png", width, height);
        Directory.CreateDirectory(_folder.File("labels"));
        byte[] values = [.. Enumerable.Range(0, width * height).Select(pixel => (byte)label(pixel))];
        new LabelMap(values, width, height).Write(_folder.File($"labels/{name}.png"), Palette.Distinct(256));
    }
}
