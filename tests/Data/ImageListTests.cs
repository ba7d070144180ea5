namespace SpGpu.Data.Tests;

public sealed class ImageListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folder_gives_its_pictures_in_ordinal_order()
    {
        foreach (string name in new[] { "b.png", "a.JPG", "B.jpeg", "c.webp", "d.bmp", "e.gif", "notes.md", "list.txt", "below/f.png" })
            _folder.Write($"photos/{name}", "x");
        Assert.Equal(
            ["B.jpeg", "a.JPG", "b.png", "c.webp", "d.bmp", "e.gif"],
            ImageList.Expand([_folder.File("photos")]).Select(path => Path.GetRelativePath(_folder.File("photos"), path)));
    }

    [Fact]
    public void Folders_within_a_folder_count_where_that_is_asked_for()
    {
        foreach (string name in new[] { "b.png", "day/z.png", "day/early/a.png", "night/c.png", ".hidden/d.png", "empty/e.txt" })
            _folder.Write($"photos/{name}", "x");
        string[] names = ["b.png", "day/z.png", "day/early/a.png", "night/c.png"];
        string[] expected = [.. names.Select(name => _folder.File($"photos/{name}"))];
        Assert.Equal(expected, ImageList.Expand([_folder.File("photos")], recursive: true));
        Assert.Equal(expected[..1], ImageList.Expand([_folder.File("photos")]));
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.File("photos/empty")], recursive: true), "nor has one within it");
    }

    [Fact]
    public void A_link_to_a_folder_above_has_no_end_and_is_left_out()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        string picture = _folder.Write("photos/day/a.png", "x");
        Directory.CreateSymbolicLink(_folder.File("photos/loop"), _folder.File("photos"));
        Assert.Equal([picture], ImageList.Expand([_folder.File("photos")], recursive: true));
    }

    [Fact]
    public void List_gives_paths_relative_to_its_folder()
    {
        string one = _folder.Write("photos/one.png", "x"), two = _folder.Write("photos/two words.png", "x");
        string three = _folder.Write("photos/drei ä.png", "x"), away = _folder.Write("away.png", "x");
        string list = _folder.Write("photos/all.lst",
            $"\uFEFF# pictures\r\n\r\none.png  \r\ntwo words.png\r\ndrei ä.png\t../labels/3.png\r\n{away} labels/4.png\r\n");
        Assert.Equal([one, two, three, away], ImageList.Expand([list]));
        Assert.Equal([away], ImageList.Expand([_folder.Write("photos/up.txt", "../away.png 7")]).Select(Path.GetFullPath));
    }

    [Fact]
    public void A_device_in_a_list_is_refused_by_the_number_of_its_line()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices have other names there");
        string list = _folder.Write("l.txt", "a.png\n/dev/null\n");
        _folder.Write("a.png", "x");
        Check.Throws<DatasetException>(() => ImageList.Expand([list]), "l.txt', line 2", "'/dev/null' is a pipe or a device");
    }

    [Fact]
    public void Pictures_come_once_in_the_order_of_the_arguments()
    {
        string a = _folder.Write("a.png", "x"), b = _folder.Write("b.png", "x"), list = _folder.Write("l.txt", "b.png\na.png\nb.png\n");
        Assert.Equal([b, a], ImageList.Expand([b, list, _folder.Path, a]));
        Assert.Equal([a, b], ImageList.Expand([_folder.Path, list]));
    }

    [Fact]
    public void Picture_may_have_any_extension_and_relative_names_stay_relative()
    {
        string odd = Path.GetRelativePath(Environment.CurrentDirectory, _folder.Write("IMG_0001.heic.download", "x"));
        Assert.Equal([odd], ImageList.Expand([odd]));
    }

    [Fact]
    public void Bad_line_is_refused_by_number()
    {
        _folder.Write("a.png", "x");
        string list = _folder.Write("l.txt", "a.png\n# next\nnone.png label.png\n");
        Check.Throws<DatasetException>(() => ImageList.Expand([list]), "l.txt", "line 3", "none.png'");
        Directory.CreateDirectory(_folder.File("sub"));
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.Write("m.txt", "sub\n")]), "m.txt", "line 1");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.Write("n.txt", [0xFF, 0xD8, 0xFF, 0xE0, 10])]), "n.txt", "UTF-8");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.Write("o.txt", "a.png\na\0\n")]), "o.txt", "line 2");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.Write("p.txt", [.. "a.png\r\n"u8, 0xC3, 0x28, 10])]), "p.txt",
            "line 2", "UTF-8");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.Write("q.txt", [0xFF, 0xFE, 0, 0xD8, 10, 0])]), "q.txt", "UTF-16");
    }

    [Fact]
    public void Lists_in_utf_16_are_read()
    {
        string one = _folder.Write("drei ä.png", "x"), two = _folder.Write("b.png", "x");
        foreach (System.Text.Encoding encoding in (System.Text.Encoding[])[System.Text.Encoding.Unicode,
            System.Text.Encoding.BigEndianUnicode])
            Assert.Equal([one, two],
                ImageList.Expand([_folder.Write("l.txt", [.. encoding.Preamble, .. encoding.GetBytes("drei ä.png\r\n# next\rb.png")])]));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(16_384)]
    [InlineData(10_000_000)]
    public void Of_a_long_line_little_is_repeated(int length)
    {
        string list = _folder.Write("l.txt", $"\n{new string('a', length)}\n");
        DatasetException error = Check.Throws<DatasetException>(() => ImageList.Expand([list]), "l.txt", "line 2");
        Assert.InRange(error.Message.Length, 0, list.Length + _folder.Path.Length + 400);
        Check.Throws<DatasetException>(() => SpGpu.Data.Datasets.SampleList.Read(list, _folder.Path, labelled: false), "l.txt", "line 2");
    }

    [Fact]
    public void Hidden_files_are_passed_over_with_a_line()
    {
        foreach (string name in new[] { "a.png", "._a.png", ".hidden.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "notes.md" })
            _folder.Write(name, "x");
        var notes = new List<string>();
        Assert.Equal([_folder.File("a.png")], ImageList.Expand([_folder.Path], notes.Add));
        Assert.Contains("passed over 5 files", Assert.Single(notes), StringComparison.Ordinal);
        // Who names it, means it.
        Assert.Equal([_folder.File(".hidden.jpg")], ImageList.Expand([_folder.File(".hidden.jpg")], notes.Add));
        Assert.Single(notes);
    }

    [Fact]
    public void Pipes_in_a_folder_are_passed_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in folders");
        _folder.Write("a.png", "x");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", _folder.File("b.png")))
        {
            mkfifo.WaitForExit();
            Assert.Equal(0, mkfifo.ExitCode);
        }
        var notes = new List<string>();
        Assert.Equal([_folder.File("a.png")], ImageList.Expand([_folder.Path], notes.Add));
        Assert.Contains("b.png", Assert.Single(notes), StringComparison.Ordinal);
        // Somebody may feed one that is named.
        Assert.Equal([_folder.File("b.png")], ImageList.Expand([_folder.File("b.png")]));
    }

    [Fact]
    public void Patterns_stand_for_files()
    {
        foreach (string name in new[] { "b.png", "a.png", "._c.png", "c.jpg", "list.txt", "below/d.png" })
            _folder.Write(name, name == "list.txt" ? "c.jpg\n" : "x");
        Assert.Equal([_folder.File("a.png"), _folder.File("b.png")], ImageList.Expand([_folder.File("*.png")]));
        Assert.Equal([_folder.File("b.png")], ImageList.Expand([_folder.File("?.png"), _folder.File("b.*")]).Skip(1));
        Assert.Equal([_folder.File("c.jpg")], ImageList.Expand([_folder.File("*.txt")]));
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.File("*.gif")]), "*.gif", "no file");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.File("none/*.gif")]), "does not exist");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names");
        Assert.Equal([_folder.Write("*.gif", "x")], ImageList.Expand([_folder.File("*.gif")]));
    }

    [Fact]
    public void Nothing_to_do_is_refused()
    {
        Check.Throws<DatasetException>(() => ImageList.Expand([]), "no pictures");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.File("none.png")]), "none.png", "does not exist");
        Check.Throws<DatasetException>(() => ImageList.Expand([""]), "''");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.Path]), _folder.Path, "no pictures");
        Check.Throws<DatasetException>(() => ImageList.Expand([_folder.Write("l.txt", "# nothing\n\n")]), "l.txt", "no pictures");
    }
}
