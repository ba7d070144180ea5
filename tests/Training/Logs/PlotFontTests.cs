using System.Buffers.Binary;
using ScottPlot;
using SkiaSharp;
using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Training.Logs;
using Xunit;

namespace SpGpu.Training.Tests.Logs;

/// <summary>Curves where the system has no fonts.</summary>
public sealed class PlotFontTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _usual = Fonts.Default;

    public void Dispose()
    {
        Fonts.Default = _usual;
        _folder.Dispose();
    }

    [Fact]
    public void Curves_have_their_text_without_fonts()
    {
        using var table = new CsvLog(_folder.File("t.csv"), "epoch,val_miou", new LogContent([]), _ => { });
        table.Append(1, 0.25);
        table.Append(2, 0.5);
        Fonts.FontResolvers.Add(new NoLetters());
        Fonts.Default = NoLetters.Name;
        Curves.Draw(table, _folder.File("c.png"), "A title", "val_miou");
        var picture = RgbImage.Read(_folder.File("c.png"));
        // Above the frame, below it, beside it, and in the legend on the right.
        Assert.True(Ink(picture, 0, picture.Width, 0, 25) > 50, "no title");
        Assert.True(Ink(picture, 0, picture.Width, picture.Height - 20, picture.Height) > 50, "no name of the axis");
        Assert.True(Ink(picture, 0, 30, 50, picture.Height - 60) > 50, "no numbers");
        Assert.True(Ink(picture, picture.Width - 80, picture.Width - 25, 200, 300) > 100, "no legend");
    }

    [Fact]
    public void The_font_has_every_letter_that_curves_need()
    {
        using var plot = new Plot();
        PlotFont.Apply(plot);
        Assert.Equal(PlotFont.Name, plot.Axes.Title.Label.FontName);
        SKTypeface font = Fonts.GetTypeface(PlotFont.Name, bold: false, italic: false);
        string letters = new([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => (char)letter), '−']);
        Assert.DoesNotContain((ushort)0, font.GetGlyphs(letters));
    }

    /// <summary>Dark pixels of a part of the picture.</summary>
    private static int Ink(RgbImage picture, int left, int right, int top, int bottom)
    {
        int dark = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
                dark += picture.Pixels[3 * (y * picture.Width + x)] < 128 ? 1 : 0;
        }
        return dark;
    }

    /// <summary>A font whose letters are blank stands in for a system without fonts.</summary>
    private sealed class NoLetters : IFontResolver
    {
        public const string Name = "no letters";

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Name ? SKTypeface.FromData(SKData.CreateCopy(Blank())) : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            CreateTypeface(fontName, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);

        private static byte[] Blank()
        {
            using Stream stream = typeof(RgbImage).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
            var font = new byte[stream.Length];
            stream.ReadExactly(font);
            // Where every glyph starts and ends at zero, none has an outline. Tables are listed from byte 12 on.
            int entry = font.AsSpan(12).IndexOf("loca"u8) + 12;
            int start = BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(entry + 8)),
                length = BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(entry + 12));
            font.AsSpan(start, length).Clear();
            return font;
        }
    }
}
