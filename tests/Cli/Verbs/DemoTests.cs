using System.Globalization;
using SpGpu.Data;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu demo</c>.</summary>
public sealed class DemoTests : IDisposable
{
    private const double Bound = 0.70;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The bound is a little below what the shipped weights reach, as other processors round differently.</summary>
    [Fact]
    public void Segments_scenes_that_the_network_has_never_seen()
    {
        Spgpu run = Spgpu.OnScreen(80, "demo", "--device", "cpu", "--out", _folder.File("deep/demo")).Done();
        Assert.DoesNotContain(run.Lines, line => line.Length > 80);
        Assert.Matches(@"^mIoU: 0\.\d{3}$", run.Lines[^1]);
        Assert.True(Number(run.Lines[^1]) >= Bound, run.Lines[^1]);
        string[] thin = [.. run.Lines.Where(line => line.EndsWith(" thin", StringComparison.Ordinal))];
        Assert.Equal(5, thin.Length);
        string[] pictures = [.. Directory.GetFiles(_folder.File("deep/demo")).Order(StringComparer.Ordinal)];
        Assert.Equal(20, pictures.Length);
        Assert.All(pictures, picture =>
        {
            var image = RgbImage.Read(picture);
            Assert.Equal(3 * 640, image.Width);
            // Below the scene stands what its colours mean.
            Assert.InRange(image.Height, 480 + 50, 480 + 250);
        });
    }

    [Fact]
    public void A_file_in_the_way_fails() => Spgpu.Run("demo", "--out", _folder.Write("file", "x")).Fails(1, "cannot make the folder");

    private static double Number(string line) => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
}
