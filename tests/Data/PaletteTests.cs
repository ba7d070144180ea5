using System.Text;

namespace SpGpu.Data.Tests;

public class PaletteTests
{
    [Fact]
    public void Built_in_palettes_match_their_class_names()
    {
        Assert.Equal(ClassNames.Cityscapes.Count, Palette.Cityscapes.Count);
        Assert.Equal(19, Palette.Cityscapes.Count);
        Assert.Equal(new Rgb(128, 64, 128), Palette.Cityscapes[0]);
        Assert.Equal(new Rgb(119, 11, 32), Palette.Cityscapes[18]);
        Assert.Equal(19, Palette.Cityscapes.Distinct().Count());

        Assert.Equal(ClassNames.Voc.Count, Palette.Voc.Count);
        Assert.Equal((new Rgb(0, 0, 0), new Rgb(192, 128, 128)), (Palette.Voc[0], Palette.Voc[15]));

        Assert.Equal(ClassNames.Ade20k.Count, Palette.Ade20k.Count);
        Assert.Equal(150, Palette.Ade20k.Count);
        Assert.Equal(new Rgb(120, 120, 120), Palette.Ade20k[0]);
        Assert.Equal(new Rgb(92, 0, 255), Palette.Ade20k[149]);
        Assert.Equal(149, Palette.Ade20k.Distinct().Count());
    }

    [Fact]
    public void Distinct_colours_are_those_of_pascal_voc()
    {
        Palette palette = Palette.Distinct(256);
        Assert.Equal(256, palette.Distinct().Count());
        Assert.Equal([new(0, 0, 0), new(128, 0, 0), new(0, 128, 0), new(128, 128, 0), new(0, 0, 128)], palette.Take(5));
        Assert.Equal(new Rgb(0, 64, 128), palette[20]);
        Assert.Equal(new Rgb(224, 224, 192), palette[255]);
        Assert.Equal(palette.Take(7), Palette.Distinct(7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(257)]
    [InlineData(int.MaxValue)]
    public void Palettes_have_1_to_256_colours(int classes) => Check.Throws<ImageException>(() => Palette.Distinct(classes), "1 to 256");

    [Fact]
    public void Text_is_read_with_comments_and_any_line_ends()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("colours.txt", "\uFEFF# road\r\n128 64 128\r\n\r\n  0\t1, 255  \n255,255,255");
        Assert.Equal([new(128, 64, 128), new(0, 1, 255), new(255, 255, 255)], Palette.Read(path));
        File.WriteAllText(path, "1 2 3\n", Encoding.Unicode);
        Assert.Equal([new(1, 2, 3)], Palette.Read(path));
    }

    [Theory]
    [InlineData("1 2 3\n4 5", "line 2", "'4 5'")]
    [InlineData("1 2 3 4", "line 1", "'1 2 3 4'")]
    [InlineData("1 2 256", "line 1", "0 to 255")]
    [InlineData("\n\n-1 2 3", "line 3", "'-1 2 3'")]
    [InlineData("1,5 2 3 0", "line 1", "0 to 255")]
    [InlineData("red", "line 1", "'red'")]
    [InlineData("1 2 3\n1\0", "line 2", "not text")]
    [InlineData("", "no colours", "one a line")]
    [InlineData("# only this", "no colours", "one a line")]
    public void Lines_that_are_no_colours_are_refused_by_number(string text, string where, string what)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("colours.txt", text);
        Check.Throws<ImageException>(() => Palette.Read(path), "colours.txt", where, what);
    }

    [Fact]
    public void Too_many_colours_are_refused_by_number()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("colours.txt", string.Concat(Enumerable.Repeat("1 2 3\n", 257)));
        Check.Throws<ImageException>(() => Palette.Read(path), "line 257", "256 colours");
    }

    [Fact]
    public void Damaged_palettes_are_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] seed = Encoding.UTF8.GetBytes("# Straße\n" + string.Join('\n', Palette.Ade20k.Select(c => $"{c.R} {c.G} {c.B}")));
        Check.Survives<ImageException>([seed], cases: 2000, seed: 3, file =>
            Assert.InRange(Palette.Read(folder.Write("colours.txt", file)).Count, 1, 256));
    }

    [Fact]
    public void Missing_palette_is_refused() => Check.Throws<ImageException>(() => Palette.Read("none.txt"), "none.txt", "no such file");
}
