namespace SpGpu.Data.Tests;

public class LabelPngTests
{
    private static readonly byte[] _twoColours = [1, 2, 3, 4, 5, 6];

    // Five pixels in two rows; packed values start at the high bits.
    [Theory]
    [InlineData(1, 3, new byte[] { 0, 0b10110_000, 0, 0b00001_111 }, new byte[] { 1, 0, 1, 1, 0, 0, 0, 0, 0, 1 })]
    [InlineData(2, 3, new byte[] { 0, 0b11_10_01_00, 0b11_000000, 0, 0b00_01_10_11, 0b10_111111 }, new byte[]
    {
        3,
        2,
        1,
        0,
        3,
        0,
        1,
        2,
        3,
        2,
    })]
    [InlineData(4, 3, new byte[] { 0, 0x12, 0x34, 0x50, 0, 0xFE, 0xDC, 0xBF }, new byte[] { 1, 2, 3, 4, 5, 15, 14, 13, 12, 11 })]
    [InlineData(8, 3, new byte[] { 0, 0, 1, 2, 254, 255, 0, 5, 4, 3, 2, 1 }, new byte[] { 0, 1, 2, 254, 255, 5, 4, 3, 2, 1 })]
    [InlineData(8, 0, new byte[] { 0, 0, 1, 2, 254, 255, 0, 5, 4, 3, 2, 1 }, new byte[] { 0, 1, 2, 254, 255, 5, 4, 3, 2, 1 })]
    // Filters worked out by hand: left; above; mean of left and above; Paeth.
    [InlineData(8, 0, new byte[] { 1, 10, 5, 5, 246, 0, 2, 1, 1, 1, 1, 1 }, new byte[] { 10, 15, 20, 10, 10, 11, 16, 21, 11, 11 })]
    [InlineData(8, 0, new byte[] { 0, 10, 20, 30, 40, 51, 3, 1, 1, 1, 1, 1 }, new byte[] { 10, 20, 30, 40, 51, 6, 14, 23, 32, 42 })]
    [InlineData(8, 0, new byte[] { 0, 10, 20, 5, 5, 9, 4, 1, 1, 1, 1, 1 }, new byte[] { 10, 20, 5, 5, 9, 11, 21, 6, 7, 10 })]
    public void Png_values_are_the_labels(byte bits, byte colour, byte[] rows, byte[] expected)
    {
        LabelMap map = ReadBytes(new PngFile().Header(5, 2, bits, colour).Chunk("PLTE", _twoColours).Data(rows).End());
        Assert.Equal((5, 2), (map.Width, map.Height));
        Assert.Equal(expected, map.Labels);
    }

    [Fact]
    public void Filters_of_another_encoder_are_undone()
    {
        // The grey reference was written by libpng, which chooses a filter for each row; Skia undoes them too.
        string path = Photos.PathOf("codec", "gray.png");
        Assert.Equal(RgbImage.Read(path).Pixels.Chunk(3).Select(pixel => pixel[0]), LabelMap.Read(path).Labels);
    }

    [Fact]
    public void Palette_png_of_another_encoder_has_its_colours_in_place()
    {
        string path = Photos.PathOf("codec", "palette.png");
        LabelMap map = LabelMap.Read(path);
        var colours = map.Labels.Zip(RgbImage.Read(path).Pixels.Chunk(3), (label, rgb) => (label, (rgb[0], rgb[1], rgb[2])))
            .Distinct().ToList();
        Assert.Equal(colours.Select(pair => pair.label).Distinct().Count(), colours.Count);
        Assert.InRange(colours.Count, 17, 256);
    }

    [Fact]
    public void Pixels_in_several_chunks_and_unknown_chunks_are_no_trouble()
    {
        byte[] png = new PngFile().Header(2, 2, 8, 0).Data(0, 1, 2, 0, 3, 4).End();
        byte[] data = png[41..^16]; // between the IDAT chunk's type and its checksum
        byte[] split = new PngFile().Header(2, 2, 8, 0).Chunk("tEXt", 65, 0, 66)
            .Chunk("IDAT", data[..3]).Chunk("IDAT").Chunk("IDAT", data[3..]).End();
        Assert.Equal([1, 2, 3, 4], ReadBytes(split).Labels);
    }

    [Fact]
    public void Other_kinds_of_png_are_refused_by_name()
    {
        Refused(new PngFile().Header(1, 1, 8, 2).Data(0, 1, 2, 3).End(), "colours, not class indices");
        Refused(new PngFile().Header(1, 1, 8, 4).Data(0, 1, 2).End(), "colours, not class indices");
        Refused(new PngFile().Header(1, 1, 8, 6).Data(0, 1, 2, 3, 4).End(), "colours, not class indices");
        Refused(new PngFile().Header(1, 1, 16, 0).Data(0, 1, 2).End(), "16 bits");
        Refused(new PngFile().Header(1, 1, 4, 0).Data(0, 1).End(), "4 bits");
        Refused(new PngFile().Header(1, 1, 3, 3).Data(0, 1).End(), "3 bits");
        Refused(new PngFile().Header(1, 1, 8, 3, interlace: 1).Data(0, 1).End(), "interlaced");
        Refused(File.ReadAllBytes(Photos.PathOf("codec", "gray.jpg")), "not a PNG");
        Refused([], "not a PNG");
    }

    [Fact]
    public void Png_that_lies_is_refused()
    {
        Refused(new PngFile().Header(60_000, 60_000, 8, 3).Data(0, 1).End(), "60000 x 60000", "100 megapixels");
        Refused(new PngFile().Header(uint.MaxValue, uint.MaxValue, 8, 3).Data(0, 1).End(), "100 megapixels");
        Refused(new PngFile().Header(10_000, 10_000, 8, 3).Data(0, 1).End(), "too little data");
        Refused(new PngFile().Header(0, 1, 8, 3).Data(0, 1).End(), "header");
        Refused(new PngFile().Data(0, 1).Header(1, 1, 8, 3).End(), "header");
        Refused(new PngFile().Header(2, 1, 8, 3).Data(0, 1).End(), "cut short");
        Refused(new PngFile().Header(1, 1, 8, 3).Data(0, 1, 2).End(), "more data");
        Refused(new PngFile().Header(1, 1, 8, 3).Data(5, 1).End(), "filter");
        Refused(new PngFile().Header(1, 1, 8, 3).Chunk("IDAT", [1, 2, 3, 4, 5, 6, 7, 8]).End(), "garbled");
        Refused(new PngFile().Header(1, 1, 8, 3).End(), "too little data");
        Refused(new PngFile().Header(1, 1, 8, 3).Data(0, 1).WithoutEnd(), "cut short");
        byte[] wrongChecksum = new PngFile().Header(1, 1, 8, 3).Data(0, 1).End();
        wrongChecksum[^17] ^= 1;
        Refused(wrongChecksum, "checksum");
    }

    [Fact]
    public void Truncation_at_every_byte_is_refused()
    {
        byte[] file = File.ReadAllBytes(Photos.PathOf("codec", "palette.png"));
        for (int length = 0; length < file.Length; length++)
            Refused(file[..length]);
    }

    [Fact]
    public void Damaged_maps_are_read_or_refused()
    {
        byte[][] seeds = [
            File.ReadAllBytes(Photos.PathOf("codec", "palette.png")),
            new PngFile().Header(5, 2, 4, 3).Chunk("PLTE", _twoColours).Data(0, 0x12, 0x34, 0x50, 4, 0xFE, 0xDC, 0xBF).End()];
        Check.Survives<ImageException>(seeds, cases: 10_000, seed: 2, file => ReadBytes(file));
    }

    [Fact]
    public void Garbage_with_right_checksums_is_read_or_refused() =>
        Check.Survives<ImageException>(random =>
        {
            byte[] rows = new byte[random.Next(1, 400)];
            random.NextBytes(rows);
            for (int i = 0; i < rows.Length; i++)
                rows[i] &= (byte)(random.Next(4) == 0 ? 255 : 4); // filters are 0 to 4
            uint width = (uint)random.Next(1, 10), height = (uint)random.Next(1, 10);
            if (random.Next(2) == 0)
                rows = rows[..(int)Math.Min(rows.Length, height * (width + 1))];
            return new PngFile()
                .Header(width, height, (byte)(1 << random.Next(5)), (byte)(3 * random.Next(2)), (byte)(random.Next(8) == 0 ? 1 : 0))
                .Data(rows).End();
        }, cases: 10_000, seed: 4, file => ReadBytes(file));

    [Fact]
    public void Missing_map_is_refused() => Check.Throws<ImageException>(() => LabelMap.Read("none.png"), "none.png", "no such file");

    [Fact]
    public void Endless_stream_is_refused() =>
        Check.Throws<ImageException>(() => LabelMap.Read(new EndlessStream(), "map.png"), "map.png", "larger than 128 MiB");

    private static void Refused(byte[] file, params string[] parts) =>
        Check.Throws<ImageException>(() => ReadBytes(file), ["map.png", .. parts]);

    private static LabelMap ReadBytes(byte[] file) => LabelMap.Read(new MemoryStream(file), "map.png");

    private sealed class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => count;
    }
}
