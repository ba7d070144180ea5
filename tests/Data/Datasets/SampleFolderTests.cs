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
            [new Sample(_folder.File("images/a 1.JPG"), _folder.File("labels/a 1.png")), new Sample(_folder.File("images/b.png"), _folder.File("labels/b.PNG"))],
            SampleFolder.Read(_folder.Path));
    }

    [Fact]
    public void Missing_partners_are_named_the_first_few()
    {
        Write("images/a.jpg", "labels/a.png", "images/b.jpg", "images/c.jpg", "images/d.jpg", "images/e.jpg", "labels/d.jpg");
        DatasetException error = Check.Throws<DatasetException>(() => SampleFolder.Read(_folder.Path), "'b.jpg', 'c.jpg', 'd.jpg' and 1 more", "without labels");
        Assert.DoesNotContain("'a.jpg'", error.Message, StringComparison.Ordinal);
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

    private void Write(params string[] names)
    {
        foreach (string name in names)
            _folder.Write(name, "x");
    }
}
