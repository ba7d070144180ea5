using System.Diagnostics.Metrics;
using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Surface.Tests;

/// <summary>The examples of docs/library.md and docs/networks.md, run as they stand there: tests/Common compares them.</summary>
public sealed class LibraryTests : IDisposable
{
    private static readonly SpNetArchitecture _small =
        SpNetArchitecture.Of(classes: 5, stem: [4, 4, 8], planes: [4, 4, 8, 16], blocks: [1, 2, 1, 3]);

    private readonly string _start = Directory.GetCurrentDirectory();
    private readonly TemporaryFolder _folder = new();
    private readonly RgbImage _image = new(new byte[3 * 40 * 30], 40, 30, 3 * 40, PixelOrder.Rgb);

    public LibraryTests()
    {
        Directory.SetCurrentDirectory(_folder.Path);
        SafeTensors.Write("net.safetensors", Initializer.Initialize(SpNetGraph.Build(_small), seed: 1));
        File.Copy("net.safetensors", "pspnet.pth");
        _image.Write("street.jpg");
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_start);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_service()
    {
        RgbImage image = _image;
        CancellationToken cancellation = TestContext.Current.CancellationToken;

        using var device = Device.Open();                                    // one for the process
        using var net = SegmentationNetwork.Load("net.safetensors", device); // one for all requests
        LabelMap map = await net.SegmentAsync(image, new() { LongSide = 640 }, cancellation);

        Assert.Equal((40, 30), (map.Width, map.Height));
    }

    [Fact]
    public void Networks()
    {
        using var device = Device.Open();

        using var net = SegmentationNetwork.Load("pspnet.pth", device);
        Console.WriteLine(net.Architecture.Title);      // PSPNet-50 (mmsegmentation), 19 classes
        LabelMap map = net.Segment(RgbImage.Read("street.jpg"));

        Assert.Equal((40, 30), (map.Width, map.Height));
    }

    [Fact]
    public void Streams()
    {
        using Stream blob = File.OpenRead("net.safetensors"), upload = File.OpenRead("street.jpg");
        using MemoryStream answer = new(), overlay = new();
        using var device = Device.Open();
        Streamed(device, blob, upload, answer, overlay);
        (answer.Position, overlay.Position) = (0, 0);
        Assert.Equal(40 * 30, LabelMap.Read(answer, "the answer").Labels.Length);
        Assert.Equal(40, RgbImage.Read(overlay, "the overlay").Width);
    }

    [Fact]
    public void Confidence()
    {
        using var device = Device.Open();
        using var net = SpNet.Random(_small, device);
        RgbImage image = _image;

        LabelMap map = net.Segment(image, new() { Confidence = true });
        for (int i = 0; i < map.Labels.Length; i++)
        {
            if (map.Confidence![i] < 0.5f)
                map.Labels[i] = LabelMap.Ignore;
        }

        Assert.Equal(map.Confidence!.Count(value => value < 0.5f), map.Labels.Count(label => label == LabelMap.Ignore));
    }

    [Fact]
    public void Metrics()
    {
        using var device = Device.Open();
        using var net = SpNet.Random(_small, device);
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        try
        {
            Console.SetOut(output);

            using var listener = new MeterListener();
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "SpGpu")
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>(
                (instrument, value, tags, state) => Console.WriteLine($"{instrument.Name}: {value} ms"));
            listener.Start();

            net.Segment(_image);
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.StartsWith("spgpu.segment.duration: ", output.ToString(), StringComparison.Ordinal);
    }

    private static void Streamed(Device device, Stream blob, Stream upload, Stream answer, Stream overlay)
    {
        using var net = SegmentationNetwork.Load(blob, "net.safetensors", device);   // any format of weights; the name is for messages
        RgbImage image = RgbImage.Read(upload, "upload", maxPixels: 16_000_000);
        LabelMap map = net.Segment(image);
        map.Write(answer, Palette.Cityscapes);
        map.Overlay(image, Palette.Cityscapes).WriteJpeg(overlay);
    }
}
