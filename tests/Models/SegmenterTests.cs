using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Segmentation with a graph of one's own.</summary>
public sealed class SegmenterTests : IDisposable
{
    private readonly Device _device = Device.Open("cpu");
    private readonly RgbImage _image;

    public SegmenterTests()
    {
        var pixels = new byte[3 * 50 * 34];
        new Random(1).NextBytes(pixels);
        _image = new RgbImage(pixels, 50, 34, 150, PixelOrder.Rgb);
    }

    public static TheoryData<SegmentOptions> Ways => new()
    {
        new SegmentOptions(),
        new SegmentOptions { LongSide = 20 },
        new SegmentOptions { Window = 24, Flip = true, Confidence = true },
    };

    public void Dispose() => _device.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task ItSeesWhatItsNetworkWouldSee(SegmentOptions options)
    {
        using SpNet net = Tiny.Net(_device);
        using var network = new Network(SpNetGraph.Build(Tiny.Architecture), Tiny.Balanced(_device), _device, "score");
        using var segmenter = new Segmenter(network);
        LabelMap expected = net.Segment(_image, options), map = segmenter.Segment(_image, options);
        Assert.Equal(5, segmenter.Classes);
        Assert.Equal(expected.Labels, map.Labels);
        Assert.Equal(expected.Confidence, map.Confidence);
        Assert.Equal(expected.Labels, (await segmenter.SegmentAsync(_image, options, TestContext.Current.CancellationToken)).Labels);
        Assert.True(map.Labels.Distinct().Count() > 1, "one label everywhere shows nothing");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void ConventionsAreThoseOfTheNetwork(SegmentOptions options)
    {
        // Each class is a channel, so that a pixel's label tells which of its colours is the farthest above the mean.
        var g = new Graph();
        g.Output("farthest", g.Conv(g.Input("pixels", channels: 3), "same", 3, kernel: 1));
        var state = new StateDict
        {
            ["same.weight"] = new HostTensor((float[])[1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3, 1, 1),
            ["same.bias"] = new HostTensor(new float[3], 3),
        };
        using var network = new Network(g, state, _device);
        var grey = new RgbImage([.. Enumerable.Repeat((byte)100, 3 * 50 * 34)], 50, 34, 150, PixelOrder.Rgb);
        for (int c = 0; c < 3; c++)
        {
            float[] mean = [150, 150, 150], deviation = [10, 10, 10];
            mean[c] = 50;
            using var segmenter = new Segmenter(network, new() { Colours = new ColourStatistics(mean, deviation) });
            Assert.All(segmenter.Segment(grey, options).Labels, label => Assert.Equal(c, label));
        }
    }

    [Fact]
    public void SizesAreThoseOfTheNetwork()
    {
        var g = new Graph();
        Value x = g.Input("image", channels: 3);
        g.Output("score", g.Conv(x, "score", 2, kernel: 4, stride: 4, padding: 0));
        using var network = new Network(g, Initializer.Initialize(g, seed: 1), _device);
        using var any = new Segmenter(network);
        using var padded = new Segmenter(network, new() { Sizes = new SizeRule(4, 0) });
        var line = new RgbImage([.. _image.Pixels.Take(3 * 50 * 3)], 50, 3, 150, PixelOrder.Rgb);
        Assert.Throws<ShapeException>(() => any.Segment(line));
        Assert.Equal(150, padded.Segment(line).Labels.Length);
    }

    [Fact]
    public void ANetworkThatTakesNoPictureOrGivesNoScoresIsRefused()
    {
        var g = new Graph();
        Value x = g.Input("image", channels: 3), y = g.Input("depth", channels: 3);
        g.Output("both", x * y);
        g.Output("more", g.Conv(x, "more", 257, kernel: 1));
        g.Output("grey", g.Conv(g.Input("grey image", channels: 1), "grey", 2, kernel: 1));
        g.Output("good", g.Conv(x, "good", 2, kernel: 1));
        StateDict state = Initializer.Initialize(g, seed: 1);
        Assert.Contains("takes image, depth", Refusal("both"), StringComparison.Ordinal);
        Assert.Contains("257 channels", Refusal("more"), StringComparison.Ordinal);
        Assert.Contains("'grey image' has 1 channels", Refusal("grey"), StringComparison.Ordinal);
        Assert.Contains("gives good, more", Refusal("good", "more"), StringComparison.Ordinal);

        string Refusal(params string[] outputs)
        {
            using var network = new Network(g, state, _device, outputs);
            return Assert.Throws<ShapeException>(() => new Segmenter(network)).Message;
        }
    }

    [Fact]
    public void DisposalLeavesTheNetwork()
    {
        using SpNet net = Tiny.Net(_device);
        using var network = new Network(SpNetGraph.Build(Tiny.Architecture), Tiny.State(), _device, "score");
        var segmenter = new Segmenter(network);
        segmenter.Segment(_image);
        segmenter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => segmenter.Segment(_image));
        using var other = new Segmenter(network);
        Assert.Equal(_image.Width, other.Segment(_image).Width);
    }
}
