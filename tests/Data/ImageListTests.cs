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
    public void List_gives_paths_relative_to_its_folder()
    {
        string one = _folder.Write("photos/one.png", "x"), two = _folder.Write("photos/two words.png", "x");
        string three = _folder.Write("photos/drei ä.png", "x"), away = _folder.Write("away.png", "x");
        string list = _folder.Write("photos/all.lst", $"\uFEFF# pictures\r\n\r\none.png  \r\ntwo words.png\r\ndrei ä.png\t../labels/3.png\r\n{away} labels/4.png\r\n");
        Assert.Equal([one, two, three, away], ImageList.Expand([list]));
        Assert.Equal([away], ImageList.Expand([_folder.Write("photos/up.txt", "../away.png 7")]).Select(Path.GetFullPath));
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
