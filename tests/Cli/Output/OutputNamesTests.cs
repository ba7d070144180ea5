using System.Diagnostics;
using System.Text;
using CsCheck;
using SpGpu.Cli.Output;
using Xunit;

namespace SpGpu.Cli.Tests.Output;

/// <summary>Names of results.</summary>
public class OutputNamesTests
{
    [Fact]
    public void No_two_results_are_one_and_no_input_is_replaced()
    {
        Gen<string> name = Gen.OneOf("a", "A", "a-2", "a.overlay", "a.png", "b");
        Gen<string> ending = Gen.OneOf(".png", ".jpg", ".overlay.jpg", ".json", "");
        Gen<string> folder = Gen.OneOf("", "out/", "other/");
        Gen.Select(folder, name, ending, (f, n, e) => f + n + e).Array[1, 12].Sample(pictures =>
        {
            string[] inputs = [.. pictures.Distinct(StringComparer.Ordinal)];
            var names = new OutputNames("out", inputs);
            PictureFiles[] taken = [.. inputs.Select(names.Take)];
            string[] files = [.. taken.SelectMany(file => (string[])[file.Labels, file.Overlay, file.Report]).Select(Path.GetFullPath)];
            return files.Distinct(StringComparer.OrdinalIgnoreCase).Count() == 3 * inputs.Length
                && !files.Intersect(inputs.Select(Path.GetFullPath), StringComparer.OrdinalIgnoreCase).Any();
        });
    }

    [Fact]
    public void Many_pictures_of_one_name_take_little_time()
    {
        string[] inputs = [.. Enumerable.Range(0, 4000).Select(i => Path.Combine($"in{i}", "a.jpg"))];
        var names = new OutputNames("out", inputs);
        var clock = Stopwatch.StartNew();
        string last = inputs.Select(names.Take).ToArray()[^1].Labels;
        Assert.Equal(Path.Combine("out", "a-4000.png"), last);
        // By the square of their number it would be minutes.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Theory]
    [InlineData("a", 300)]
    [InlineData("写", 100)]
    [InlineData("👍🏽", 40)]
    public void Long_names_are_shortened_and_stay_apart(string letter, int times)
    {
        string stem = string.Concat(Enumerable.Repeat(letter, times));
        string[] inputs = [.. Enumerable.Range(0, 12).Select(i => Path.Combine("in", $"{stem}{i}.jpg"))];
        var names = new OutputNames("out", inputs);
        string[] files = [.. inputs.Select(names.Take).SelectMany(taken => (string[])[taken.Labels, taken.Overlay, taken.Report])
            .Select(file => Path.GetFileName(file))];
        Assert.Equal(files.Length, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(files, file => Assert.InRange(Encoding.UTF8.GetByteCount(file), 200, 255));
        Assert.All(files, file => Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(file))));
    }

    [Fact]
    public void A_picture_alone_keeps_its_name() =>
        Assert.Equal(Path.Combine("out", "a.b.png"), new OutputNames("out", ["in/a.b.jpg"]).Take("in/a.b.jpg").Labels);
}
