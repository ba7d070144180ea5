namespace SpGpu.Data.Tests;

public class ClassNamesTests
{
    [Fact]
    public void Built_in_names_are_complete_and_in_order()
    {
        Assert.Equal(19, ClassNames.Cityscapes.Count);
        Assert.Equal(("road", "traffic light", "bicycle"), (ClassNames.Cityscapes[0], ClassNames.Cityscapes[6], ClassNames.Cityscapes[18]));
        Assert.Equal(21, ClassNames.Voc.Distinct().Count());
        Assert.Equal(("background", "person", "tvmonitor"), (ClassNames.Voc[0], ClassNames.Voc[15], ClassNames.Voc[20]));
        Assert.Equal(150, ClassNames.Ade20k.Distinct().Count());
        Assert.Equal(("wall", "person", "flag"), (ClassNames.Ade20k[0], ClassNames.Ade20k[12], ClassNames.Ade20k[149]));
        Assert.Equal(("chest of drawers", "crt screen"), (ClassNames.Ade20k[44], ClassNames.Ade20k[141]));
    }

    [Fact]
    public void Names_and_colours_that_nobody_gave_go_by_the_number_of_classes()
    {
        Assert.Same(ClassNames.Ade20k, ClassNames.Usual(150));
        Assert.Same(ClassNames.Cityscapes, ClassNames.Usual(19));
        Assert.Same(ClassNames.Voc, ClassNames.Usual(21));
        Assert.Equal(["class 0", "class 1"], ClassNames.Usual(2));
        Assert.Same(Palette.Cityscapes, Palette.Usual(19));
        Assert.Same(Palette.Voc, Palette.Usual(21));
        Assert.Equal(Palette.Distinct(2), Palette.Usual(2));
        Assert.Equal(["ADE20K", "PASCAL VOC", "Cityscapes", null], ((int[])[150, 21, 19, 20]).Select(ClassNames.UsualSource));
        Check.Throws<DatasetException>(() => ClassNames.Usual(257), "257 class names");
        Check.Throws<DatasetException>(() => _ = new ClassNames(["a", " "]), "class 1 is empty");
        Check.Throws<DatasetException>(() => _ = new ClassNames(["a\tb"]), "class 0");
    }

    [Fact]
    public void Colours_are_six_hexadecimal_digits()
    {
        Assert.Equal(new Rgb(0x80, 0x40, 0xFF), Rgb.FromHex("8040fF"));
        Assert.Equal("8040FF", new Rgb(0x80, 0x40, 0xFF).ToHex());
        Assert.All((string[])["", "12345", "1234567", "12345g", " 12345", "-12345"], text => Assert.Null(Rgb.FromHex(text)));
    }

    [Fact]
    public void Names_are_read_a_line_each()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(["road", "traffic light", "Bäume"],
            ClassNames.Read(folder.Write("names.txt", "\uFEFFroad\r\ntraffic light \r\nBäume\r\n\r\n")));
    }

    [Fact]
    public void Files_that_are_no_names_are_refused()
    {
        using var folder = new TemporaryFolder();
        Check.Throws<DatasetException>(() => ClassNames.Read(folder.File("none.txt")), "none.txt", "no such file");
        Check.Throws<DatasetException>(() => ClassNames.Read(folder.Write("a.txt", "\n\n")), "a.txt", "0 class names");
        Check.Throws<DatasetException>(() => ClassNames.Read(folder.Write("b.txt", "road\n\ncar\n")), "b.txt", "line 2");
        Check.Throws<DatasetException>(() =>
            ClassNames.Read(folder.Write("c.txt", new string('x', 257).Replace("x", "x\n", StringComparison.Ordinal))), "257 class names");
        Check.Throws<DatasetException>(() => ClassNames.Read(folder.Write("d.txt", [(byte)'a', 10, 0xC3, 0x28])), "d.txt", "UTF-8");
    }
}
