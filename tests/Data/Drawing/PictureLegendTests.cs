using SkiaSharp;
using SpGpu.Data.Drawing;

namespace SpGpu.Data.Tests.Drawing;

public class PictureLegendTests
{
    private static readonly Palette _palette = new([new(200, 0, 0), new(0, 200, 0), new(0, 0, 200), new(90, 90, 0)]);

    [Fact]
    public void Classes_that_occur_stand_below_the_picture_the_largest_first()
    {
        RgbImage picture = Grey(320, 40);
        RgbImage legend = PictureLegend.Below(picture, ["sky", "road", "kerb", "car"], _palette,
            Map(320, 40, i => i < 320 ? 2 : i < 1280 ? 255 : 1), Map(320, 40, i => i < 400 ? 3 : 1));
        Assert.Equal(320, legend.Width);
        Assert.InRange(legend.Height, 40 + 15, 40 + 40);
        Assert.Equal(picture.Pixels, legend.Pixels[..picture.Pixels.Length]);
        // Squares from left to right, of those that occur alone; letters behind each.
        int[] starts = [.. new[] { 1, 3, 2 }.Select(index => First(legend, _palette[index]))];
        Assert.Equal(starts.Order(), starts);
        Assert.DoesNotContain(-1, starts);
        Assert.Equal(-1, First(legend, _palette[0]));
        Assert.Contains(Enumerable.Range(starts[^1] + 16, 320 - starts[^1] - 16), x => Has(legend, x, new(0, 0, 0)));
    }

    [Fact]
    public void A_white_square_has_an_edge()
    {
        RgbImage legend = PictureLegend.Below(Grey(320, 40), [" "], new Palette([new(255, 255, 255)]), Map(320, 40, _ => 0));
        Assert.InRange(First(legend, new(0, 0, 0)), 1, 10);
    }

    [Fact]
    public void Many_names_take_more_rows_and_long_ones_are_cut()
    {
        string[] names = [.. Enumerable.Range(0, 4).Select(index => new string((char)('a' + index), 99))];
        RgbImage picture = Grey(200, 4), legend = PictureLegend.Below(picture, names, _palette, Map(200, 4, i => i % 4));
        RgbImage one = PictureLegend.Below(picture, names, _palette, Map(200, 4, _ => 1));
        Assert.InRange(legend.Height - 4, 3.5 * (one.Height - 4 - 6), 4 * (one.Height - 4));
        // To the right of the last letter there is some white.
        Assert.All(Enumerable.Range(4, legend.Height - 4), y => Assert.Equal(255, legend.Pixels[3 * (y * 200 + 199)]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\U0001D400")]
    [InlineData("\U0001F1E9\U0001F1EA")]
    [InlineData("\U0001F469\u200D\U0001F680")]
    public void What_is_read_as_one_letter_is_never_cut_in_two(string letter)
    {
        string text = string.Concat(Enumerable.Repeat(letter, 20));
        using SKTypeface face = LetterFont.Open(text);
        using var font = new SKFont(face, 12);
        int[] counts = [.. Enumerable.Range(0, 300).Select(room => LetterFont.Fitting(text, font, room)).Select(fitting =>
        {
            Assert.Equal(0, fitting.Length % letter.Length);
            return fitting.Length / letter.Length;
        })];
        Assert.Equal(counts.Order(), counts);
        Assert.Equal((1, true), (counts[0], counts[^1] > 5));
    }

    [Fact]
    public void What_has_no_room_or_no_class_stays_as_it_is()
    {
        RgbImage narrow = Grey(159, 20), empty = Grey(300, 20);
        Assert.Same(narrow, PictureLegend.Below(narrow, ["a"], _palette, Map(159, 20, _ => 0)));
        Assert.Same(empty, PictureLegend.Below(empty, ["a"], _palette, Map(300, 20, _ => 255)));
        Assert.Throws<ImageException>(() => PictureLegend.Below(empty, ["a"], _palette, Map(300, 20, _ => 1)));
    }

    private static RgbImage Grey(int width, int height) =>
        new([.. Enumerable.Repeat((byte)128, 3 * width * height)], width, height, 3 * width, PixelOrder.Rgb);

    private static LabelMap Map(int width, int height, Func<int, int> label) =>
        new([.. Enumerable.Range(0, width * height).Select(i => (byte)label(i))], width, height);

    /// <summary>The leftmost column with a colour; -1 where none has it.</summary>
    private static int First(RgbImage image, Rgb colour) =>
        Enumerable.Range(0, image.Width).Where(x => Has(image, x, colour)).DefaultIfEmpty(-1).First();

    /// <summary>Whether a column has a colour.</summary>
    private static bool Has(RgbImage image, int x, Rgb colour) => Enumerable.Range(0, image.Height)
        .Any(y => image.Pixels.AsSpan(3 * (y * image.Width + x), 3).SequenceEqual([colour.R, colour.G, colour.B]));
}
