using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Every photograph and codec file, end to end: file to label map and back.</summary>
public sealed class PhotoTests : IDisposable
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "photos");
    private readonly Device _device = Device.Open("cpu", new() { Threads = 4 });
    private readonly string _output = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".jpg" or ".png" && !file.Contains(".ref.", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(_folder, file)).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_output, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void APhotographBecomesALabelMapOfItsSize(string file)
    {
        var image = RgbImage.Read(Path.Combine(_folder, file));
        using SpNet net = Tiny.Net(_device);
        LabelMap map = net.Segment(image, new() { LongSide = 256 });
        Assert.Equal((image.Width, image.Height), (map.Width, map.Height));
        Assert.All(map.Shares(Tiny.Architecture.Classes), share => Assert.InRange(share, 0, map.Labels.Length));
        string path = Path.Combine(_output, "labels.png");
        map.Write(path, Palette.Distinct(Tiny.Architecture.Classes));
        Assert.Equal(map.Labels, LabelMap.Read(path).Labels);
    }

    [Fact]
    public void TwelveMegapixelsTakeBoundedMemory()
    {
        var image = new RgbImage(new byte[3 * 4000 * 3000], 4000, 3000, 3 * 4000, PixelOrder.Rgb);
        using SpNet net = Tiny.Net(_device);
        long before = GC.GetTotalAllocatedBytes();
        LabelMap map = net.Segment(image);
        Assert.Equal((4000, 3000), (map.Width, map.Height));
        // The label map, the reduced picture and what reducing takes.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 80_000_000);
        using var network = new Network(SpNetGraph.Build(Tiny.Architecture), Tiny.State(), _device, "score");
        Assert.InRange(network.PlanFor(("image", new Shape(1, 3, 768, 1024))).ArenaBytes, 0, 30_000_000);
    }
}
