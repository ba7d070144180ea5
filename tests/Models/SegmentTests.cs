using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Segmentation against the same steps taken one by one on the host.</summary>
public sealed class SegmentTests : IDisposable
{
    private readonly Device _device = Device.Open("cpu");
    private readonly SpNet _net;

    public SegmentTests() => _net = Tiny.Net(_device);

    public void Dispose()
    {
        _net.Dispose();
        _device.Dispose();
    }

    [Theory]
    [InlineData(40, 56)]
    [InlineData(33, 47)]
    [InlineData(1, 1)]
    [InlineData(24, 200)]
    public void LabelsAreTheArgMaxOfForward(int height, int width)
    {
        RgbImage image = Picture(width, height);
        LabelMap map = _net.Segment(image);
        Assert.Equal((width, height), (map.Width, map.Height));
        AssertLabels(map, _net.Forward(Normalize(image, 0, 0, width, height, mirrored: false)).Floats);
    }

    [Fact]
    public void WithASkipLabelsAreTheArgMaxOfForwardToo()
    {
        SpNetArchitecture architecture = Tiny.Architecture with { Skip = true };
        using SpNet net = Tiny.Net(_device, architecture);
        RgbImage image = Picture(47, 33);
        AssertLabels(net.Segment(image), net.Forward(Normalize(image, 0, 0, 47, 33, mirrored: false)).Floats);
        Assert.Equal(architecture.ToString(), net.Architecture.ToString());
        Assert.Equal("SPNet with stem 4 4 8, planes 4 4 8 16, blocks 1 2 1 3, skip, 5 classes", architecture.ToString());
    }

    [Fact]
    public void FlipAveragesTheMirroredView()
    {
        RgbImage image = Picture(50, 35);
        LabelMap map = _net.Segment(image, new() { Flip = true });
        AssertLabels(map, Probabilities(image, 50, 35, window: 0, flip: true));
    }

    [Theory]
    [InlineData(50, 70, 32, false)]
    [InlineData(33, 65, 32, true)]
    [InlineData(20, 40, 32, false)]
    [InlineData(10, 12, 32, true)]
    public void WindowsAreAveraged(int width, int height, int window, bool flip)
    {
        RgbImage image = Picture(width, height);
        LabelMap map = _net.Segment(image, new() { Window = window, Flip = flip });
        AssertLabels(map, Probabilities(image, width, height, window, flip));
    }

    [Theory]
    [InlineData(50, 35, 0, false)]
    [InlineData(50, 70, 32, true)]
    [InlineData(10, 12, 32, true)]
    public void ConfidenceIsTheMeanProbabilityOfTheLabel(int width, int height, int window, bool flip)
    {
        RgbImage image = Picture(width, height);
        var options = new SegmentOptions { Window = window, Flip = flip };
        LabelMap map = _net.Segment(image, options with { Confidence = true });
        Assert.Equal(_net.Segment(image, options).Labels, map.Labels);
        Assert.Null(_net.Segment(image, options).Confidence);
        float[] sums = Probabilities(image, width, height, window, flip);
        int plane = width * height;
        for (int i = 0; i < plane; i++)
        {
            float all = Enumerable.Range(0, _net.Architecture.Classes).Sum(c => sums[c * plane + i]);
            Assert.Equal(sums[map.Labels[i] * plane + i] / all, map.Confidence![i], 1e-5f);
        }
        Assert.True(map.Confidence!.Distinct().Count() > plane / 2, "one probability everywhere shows nothing");
    }

    [Fact]
    public void ConfidenceOfSeveralScalesAndBandsIsAProbability()
    {
        // Two bands of rows, of which the last goes back over the first.
        RgbImage image = Picture(2000, 500);
        LabelMap map = _net.Segment(image, new() { LongSide = 60, Scales = [0.5, 1], Confidence = true });
        // It is the largest of five, and of numbers that vary slowly: neighbours across the bands are alike.
        Assert.All(map.Confidence!, value => Assert.InRange(value, 0.2f, 1));
        for (int i = 2000; i < map.Labels.Length; i++)
            Assert.InRange(map.Confidence![i] - map.Confidence[i - 2000], -0.1f, 0.1f);
    }

    [Fact]
    public void LargePicturesAreReducedAndLabelsHaveTheirOwnSize()
    {
        RgbImage image = Picture(96, 48);
        LabelMap map = _net.Segment(image, new() { LongSide = 48 });
        Assert.Equal((96, 48), (map.Width, map.Height));
        LabelMap small = _net.Segment(image.Resize(48, 24));
        Assert.NotEqual(_net.Segment(image).Labels, map.Labels);
        // Aligned corners: the four corners of both are the same logits.
        Assert.Equal(
            [small.Labels[0], small.Labels[47], small.Labels[23 * 48], small.Labels[^1]],
            (byte[])[map.Labels[0], map.Labels[95], map.Labels[47 * 96], map.Labels[^1]]);
    }

    [Theory]
    [InlineData(32, false)]
    [InlineData(0, true)]
    [InlineData(80, true)]
    public void ViewsOfAReducedPictureAreThoseOfTheOfficialTest(int window, bool flip)
    {
        RgbImage image = Picture(120, 80);
        LabelMap map = _net.Segment(image, new() { LongSide = 60, Window = window, Flip = flip });
        Assert.Equal(_net.Segment(image, new() { BaseSize = 60, Window = window, Flip = flip }).Labels, map.Labels);
        Assert.NotEqual(_net.Segment(image, new() { Window = window, Flip = flip }).Labels, map.Labels);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 0)]
    [InlineData(0, 32)]
    public void SeveralPicturesInOneRunGetTheLabelsOfEach(int longSide, int window)
    {
        RgbImage whole = Picture(60, 3 * 40);
        RgbImage[] images = [.. whole.Pixels.Chunk(3 * 60 * 40).Select(part => new RgbImage(part, 60, 40, 180, PixelOrder.Rgb))];
        var options = new SegmentOptions { LongSide = longSide, Window = window };
        IReadOnlyList<LabelMap> maps = _net.Segment(images, options);
        Assert.Equal(images.Select(image => _net.Segment(image, options).Labels), maps.Select(map => map.Labels));
        Assert.NotEqual(maps[0].Labels, maps[1].Labels);
        Assert.Empty(_net.Segment([], options));
        Assert.Contains("60 x 40 pixels and one of 60 x 120 in one run",
            Assert.Throws<ImageException>(() => _net.Segment([images[0], whole], options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralThreadsAndSizesGetTheirOwnLabels()
    {
        RgbImage[] images = [.. Enumerable.Range(0, 12).Select(i => Picture(20 + 3 * (i % 6), 31 + i % 4))];
        byte[][] expected = [.. images.Select(image => _net.Segment(image).Labels)];
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i => Assert.Equal(expected[i % 12], _net.Segment(images[i % 12]).Labels));
    }

    [Fact]
    public void OptionsAreChecked()
    {
        RgbImage image = Picture(20, 20);
        Assert.Throws<ConfigurationException>(() => _net.Segment(image, new() { Window = 15 }));
        Assert.Throws<ConfigurationException>(() => _net.Segment(image, new() { Window = -1 }));
        Assert.Throws<ConfigurationException>(() => _net.Segment(image, new() { Window = 10_001 }));
        Assert.Throws<ConfigurationException>(() => _net.Segment(image, new() { Window = int.MaxValue, Scales = [1, 1, 1] }));
        Assert.Throws<ConfigurationException>(() => _net.Segment(image, new() { LongSide = -1 }));
    }

    private static RgbImage Picture(int width, int height)
    {
        var random = new Random(width * 1000 + height);
        var pixels = new byte[3 * width * height];
        random.NextBytes(pixels);
        // Blocks of colour rather than noise, so that labels vary over the picture.
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(pixels[i] / 4 + 60 * (i / 30 % 3));
        return new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb);
    }

    private static HostTensor Normalize(RgbImage image, int left, int top, int width, int height, bool mirrored)
    {
        var data = new float[3 * width * height];
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int sourceX = left + (mirrored ? width - 1 - x : x);
                    int sourceY = top + y;
                    bool inside = sourceX >= 0 && sourceX < image.Width && sourceY >= 0 && sourceY < image.Height;
                    float value = inside ? image.Pixels[3 * (sourceY * image.Width + sourceX) + c] : ColourStatistics.ImageNet.Mean[c];
                    data[(c * height + y) * width + x] =
                        (value - ColourStatistics.ImageNet.Mean[c]) / ColourStatistics.ImageNet.Deviation[c];
                }
            }
        }
        return new HostTensor(data, 1, 3, height, width);
    }

    /// <summary>Sums of softmax over all windows and mirrorings, in the picture's own frame.</summary>
    private float[] Probabilities(RgbImage image, int width, int height, int window, bool flip)
    {
        int classes = Tiny.Architecture.Classes;
        int viewWidth = window == 0 ? width : window;
        int viewHeight = window == 0 ? height : window;
        int padLeft = Math.Max(0, viewWidth - width) / 2;
        int padTop = Math.Max(0, viewHeight - height) / 2;
        var sums = new float[classes * width * height];
        foreach (int top in Starts(Math.Max(height, viewHeight), viewHeight))
        {
            foreach (int left in Starts(Math.Max(width, viewWidth), viewWidth))
            {
                foreach (bool mirrored in flip ? (bool[])[false, true] : [false])
                {
                    float[] logits = _net.Forward(Normalize(image, left - padLeft, top - padTop, viewWidth, viewHeight, mirrored)).Floats;
                    for (int y = 0; y < viewHeight; y++)
                    {
                        for (int x = 0; x < viewWidth; x++)
                        {
                            int targetX = left - padLeft + (mirrored ? viewWidth - 1 - x : x);
                            int targetY = top - padTop + y;
                            if (targetX < 0 || targetX >= width || targetY < 0 || targetY >= height)
                                continue;
                            double[] powers =
                                [.. Enumerable.Range(0, classes).Select(c => Math.Exp(logits[(c * viewHeight + y) * viewWidth + x]))];
                            for (int c = 0; c < classes; c++)
                                sums[(c * height + targetY) * width + targetX] += (float)(powers[c] / powers.Sum());
                        }
                    }
                }
            }
        }
        return sums;
    }

    private static List<int> Starts(int extent, int window)
    {
        int stride = (int)Math.Ceiling(window * 2 / 3.0);
        var starts = new List<int> { 0 };
        while (starts[^1] + window < extent)
            starts.Add(Math.Min(starts[^1] + stride, extent - window));
        return starts;
    }

    /// <summary>Each label is the largest value, or within rounding of it.</summary>
    private static void AssertLabels(LabelMap map, float[] values)
    {
        int plane = map.Width * map.Height;
        int classes = values.Length / plane;
        var seen = new HashSet<byte>();
        for (int i = 0; i < plane; i++)
        {
            float largest = Enumerable.Range(0, classes).Max(c => values[c * plane + i]);
            Assert.InRange(largest - values[map.Labels[i] * plane + i], 0, 1e-4f * (1 + MathF.Abs(largest)));
            seen.Add(map.Labels[i]);
        }
        Assert.True(plane < 100 || seen.Count > 1, "one label everywhere shows nothing");
    }
}
