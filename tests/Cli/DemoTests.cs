using System.Text.Json;
using SpGpu.Data;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary><c>spgpu demo</c>.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_its_pictures_and_says_what_they_are()
    {
        Spgpu run = Spgpu.Run("demo", "--device", "cpu", "--out", _folder.File("deep/demo")).Done();
        Assert.Contains("weights are random", run.Out, StringComparison.Ordinal);
        Assert.All((string[])["read", "build network", "first run", "second run", "write"], stage =>
            Assert.Contains(run.Lines, line => line.StartsWith($"  {stage} ", StringComparison.Ordinal) && line.EndsWith(" ms", StringComparison.Ordinal)));
        var labels = LabelMap.Read(_folder.File("deep/demo/boats.png"));
        Assert.Equal((640, 512), (labels.Width, labels.Height));
        Assert.True(labels.Labels.Distinct().Count() > 1, "one colour shows nothing");
        Assert.Equal(640, RgbImage.Read(_folder.File("deep/demo/boats.overlay.jpg")).Width);
        using var report = JsonDocument.Parse(File.ReadAllBytes(_folder.File("deep/demo/boats.json")));
        Assert.Equal(1, report.RootElement.GetProperty("classes").EnumerateArray().Sum(one => one.GetProperty("share").GetDouble()), 4);
    }

    [Fact]
    public void A_file_in_the_way_fails() => Spgpu.Run("demo", "--out", _folder.Write("file", "x")).Fails(1, "cannot make the folder");
}
