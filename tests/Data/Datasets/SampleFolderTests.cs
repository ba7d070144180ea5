using SpGpu.Data.Datasets;

namespace SpGpu.Data.Tests.Datasets;

public sealed class SampleFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_and_labels_are_paired_by_name()
    {
        Write("images/b.png", "images/a 1.JPG", "images/notes.txt", "labels/a 1.png", "labels/b.PNG", "labels/b.txt");
        Assert.Equal(
            [new Sample(_folder.File("images/a 1.JPG"), _folder.File("labels/a 1.png")),
                new Sample(_folder.File("images/b.png"), _folder.File("labels/b.PNG"))],
            SampleFolder.Read(_folder.Path));
    }

    [Fact]
    public void Labels_may_lie_beside_the_folder_of_pictures()
    {
        Write("train/a.png", "train/b.jpg", "trainannot/a.png", "trainannot/b.png");
        Sample[] expected = [new(_folder.File("train/a.png"), _folder.File("trainannot/a.png")),
            new(_folder.File("train/b.jpg"), _folder.File("trainannot/b.png"))];
        Assert.Equal(expected, SampleFolder.Read(_folder.File("train")));
        Assert.Equal(expected, SampleFolder.Read(_folder.File("train") + Path.DirectorySeparatorChar)
            .Select(sample => new Sample(Path.GetFullPath(sample.Image), sample.Label)));
        Write("train/c.png");
        Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.File("train")), "without labels in", "trainannot", "'c.png'");
        Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.File("val")), "'" + _folder.File("valannot") + "'");
    }

    [Fact]
    public void Missing_partners_are_named_the_first_few()
    {
        Write("images/a.jpg", "labels/a.png", "images/b.jpg", "images/c.jpg", "images/d.jpg", "images/e.jpg", "labels/d.jpg");
        DatasetException error =
            Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.Path), "'b.jpg', 'c.jpg', 'd.jpg' and 1 more", "without labels");
        Assert.DoesNotContain("'a.jpg'", error.Message, StringComparison.Ordinal);
        Assert.Contains("must be PNG", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File(Path.Combine("labels", "d.jpg")), error.Message, StringComparison.Ordinal);
        Write("labels/b.png", "labels/c.png", "labels/d.png", "labels/e.png", "labels/f.png");
        Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.Path), "'f.png';", "without a picture");
    }

    [Fact]
    public void Folders_that_do_not_fit_are_refused()
    {
        Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.Path), "images", "labels/");
        Write("images/a.jpg");
        Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.Path), "labels' is no folder");
        Write("labels/a.png", "images/a.png");
        Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.Path), "a.jpg", "a.png", "share a name");
    }

    [Fact]
    public void Labels_of_another_format_are_told_one_by_one()
    {
        Write("images/a.jpg", "images/b.jpg", "images/c.jpg", "labels/a.jpg", "labels/b.png");
        var refused = new List<string>();
        Assert.Single(SampleFolder.Read(_folder.Path, refused.Add));
        Assert.Equal(2, refused.Count);
        Assert.Contains("must be PNG", refused[0], StringComparison.Ordinal);
        Assert.Contains("c.jpg' is without labels", refused[1], StringComparison.Ordinal);
        Assert.Contains("add the partner", refused[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_systems_leave_behind_is_passed_over_with_a_line()
    {
        Write("images/a.jpg", "images/._a.jpg", "images/.DS_Store", "images/Thumbs.db", "labels/a.png", "labels/._a.png");
        var notes = new List<string>();
        Assert.Equal([new Sample(_folder.File("images/a.jpg"), _folder.File("labels/a.png"))],
            SampleFolder.Read(_folder.Path, note: notes.Add));
        Assert.Equal(2, notes.Count);
        Assert.Contains("passed over 3 files", notes[0], StringComparison.Ordinal);
        Assert.Contains("passed over 1 file of", notes[1], StringComparison.Ordinal);
    }

    private void Write(params string[] names)
    {
        foreach (string name in names)
            _folder.Write(name, "x");
    }
}
