using SpGpu.Data.Metrics;

namespace SpGpu.Data.Tests.Metrics;

public sealed class ConfusionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_labels_and_columns_predictions()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add([0, 0, 1, 1, 255], [0, 1, 1, 1, 0]);
        ConfusionFile.Write(_folder.File("c.csv"), matrix, ["road", "a \"big\", b"]);
        Assert.Equal("label \\ prediction,road,\"a \"\"big\"\", b\"\nroad,1,1\n\"a \"\"big\"\", b\",0,2\n",
            File.ReadAllText(_folder.File("c.csv")));
    }

    [Fact]
    public void Names_with_line_ends_are_quoted()
    {
        ConfusionFile.Write(_folder.File("c.csv"), new ConfusionMatrix(2), ["a\rb", "c\nd"]);
        Assert.Equal("label \\ prediction,\"a\rb\",\"c\nd\"\n\"a\rb\",0,0\n\"c\nd\",0,0\n", File.ReadAllText(_folder.File("c.csv")));
    }

    [Fact]
    public void Another_number_of_names_is_refused() =>
        Assert.Throws<ArgumentException>(() => ConfusionFile.Write(_folder.File("c.csv"), new ConfusionMatrix(2), ["one"]));
}
