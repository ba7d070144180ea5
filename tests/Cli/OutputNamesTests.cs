using CsCheck;
using SpGpu.Cli.Output;
using Xunit;

namespace SpGpu.Cli.Tests;

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
    public void A_picture_alone_keeps_its_name() =>
        Assert.Equal(Path.Combine("out", "a.b.png"), new OutputNames("out", ["in/a.b.jpg"]).Take("in/a.b.jpg").Labels);
}
