using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Surface.Tests;

/// <summary>The README's examples, run as they stand there: tests/Common compares them.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void FromPixelsToLabels()
    {
        string start = Directory.GetCurrentDirectory();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("spgpu-");
        try
        {
            Directory.SetCurrentDirectory(folder.FullName);
            Graph small = SpNetGraph.Build(SpNetArchitecture.Of(classes: 5, stem: [4, 4, 8], planes: [4, 4, 8, 16], blocks: [1, 2, 1, 3]));
            SafeTensors.Write("spnet50.pth", Initializer.Initialize(small, seed: 1));
            new RgbImage(new byte[3 * 40 * 30], 40, 30, 3 * 40, PixelOrder.Rgb).Write("photo.jpg");

            using var device = Device.Open();                     // a GPU where there is one, else the CPU
            using var net = SpNet.Load("spnet50.pth", device);    // net.Report tells what did not fit
            var image = RgbImage.Read("photo.jpg");               // or new RgbImage(span, width, height, stride, PixelOrder.Bgra)
            LabelMap map = net.Segment(image, new() { Window = 480, Flip = true });
            map.Write("photo.png", Palette.Ade20k);

            Assert.Equal(40 * 30, LabelMap.Read("photo.png").Labels.Length);
        }
        finally
        {
            Directory.SetCurrentDirectory(start);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ANetworkOfOnesOwn()
    {
        using var device = Device.Open();

        var g = new Graph();
        Value x = g.Input("image", channels: 3);              // N, H, W are bound when it runs
        x = g.ConvBnRelu(x, "stem", 64, kernel: 3, stride: 2);
        x = x * g.Spm(x, "spm");                              // a gate; compiled into its last convolution
        x = g.Mpm(x, "context", pools: (20, 12));
        g.Output("logits", g.Conv(x, "score", channels: 19, kernel: 1));

        using var network = new Network(g, Initializer.Initialize(g, seed: 0), device);
        HostTensor logits = network.Run(("image", new HostTensor(new float[3 * 64 * 64], 1, 3, 64, 64)))["logits"];

        Assert.Equal([1, 19, 32, 32], logits.Shape);
        Assert.All(logits.Floats, value => Assert.True(float.IsFinite(value)));
    }
}
