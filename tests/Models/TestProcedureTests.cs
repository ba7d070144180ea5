using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>The official test procedure against the same steps taken plainly on the host.</summary>
public sealed class TestProcedureTests : IDisposable
{
    private static readonly int _classes = Tiny.Architecture.Classes;

    private readonly Device _device = Device.Open("cpu");
    private readonly SpNet _net;

    public TestProcedureTests() => _net = Tiny.Net(_device);

    public static TheoryData<int, int, SegmentOptions> Cases => new()
    {
        { 60, 40, new() { BaseSize = 48, Window = 32, Flip = true } },
        { 40, 60, new() { BaseSize = 48, Window = 32, Flip = true, Scales = [0.5, 1, 1.75] } },
        // A square; a side that is half a pixel before rounding; windows in one direction alone.
        { 33, 33, new() { BaseSize = 50, Window = 32, Scales = [0.75] } },
        { 100, 45, new() { BaseSize = 50, Window = 20 } },
        { 20, 90, new() { BaseSize = 64, Window = 48, Flip = true, Scales = [0.5, 0.75, 1, 1.25, 1.5, 1.75] } },
        // Smaller than a window, by an odd number.
        { 12, 9, new() { BaseSize = 17, Window = 32, Flip = true, Scales = [1, 1.25] } },
        // Without windows, without a base size.
        { 70, 45, new() { LongSide = 40, Scales = [0.5, 1] } },
        { 70, 45, new() { LongSide = 0, Flip = true, Scales = [1.5] } },
        { 70, 45, new() { BaseSize = 64, LongSide = 8 } },
        // At the picture's own size, and reduced: the same steps.
        { 50, 70, new() { Window = 32, Flip = true } },
        { 70, 45, new() { LongSide = 40, Window = 32, Flip = true } },
        { 45, 70, new() { LongSide = 40, Flip = true } },
        { 70, 45, new() { LongSide = 40, Window = 48 } },
        // More than one band of rows.
        { 3000, 300, new() { BaseSize = 64, Window = 32 } },
    };

    public void Dispose()
    {
        _net.Dispose();
        _device.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LabelsAreThoseOfTheStepsOneByOne(int width, int height, SegmentOptions options)
    {
        RgbImage image = Picture(width, height);
        LabelMap map = _net.Segment(image, options);
        Assert.Equal((width, height), (map.Width, map.Height));
        double[,,] expected = Expected(image, options);
        int equal = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int best = Enumerable.Range(0, _classes).MaxBy(c => expected[c, y, x]);
                byte label = map.Labels[y * width + x];
                equal += label == best ? 1 : 0;
                Assert.InRange(expected[best, y, x] - expected[label, y, x], 0, 1e-5 * options.Scales.Count);
            }
        }
        // Differences within rounding are rare, or the test would show nothing.
        Assert.InRange(equal, width * height * 0.99, width * height);
        Assert.True(map.Labels.Distinct().Count() > 1, "one label everywhere shows nothing");
    }

    [Fact]
    public void ScalesAndBaseSizeMatter()
    {
        RgbImage image = Picture(60, 40);
        SegmentOptions[] options =
        [
            new() { Window = 32 }, new() { Window = 32, BaseSize = 48 }, new() { Window = 32, BaseSize = 48, Scales = [0.5, 1] },
            new() { Window = 32, BaseSize = 48, Flip = true },
        ];
        byte[][] labels = [.. options.Select(option => _net.Segment(image, option).Labels)];
        for (int i = 0; i < labels.Length; i++)
            Assert.All(labels[..i], other => Assert.NotEqual(other, labels[i]));
    }

    [Fact]
    public void MemoryDoesNotGrowWithThePicture()
    {
        var options = new SegmentOptions { BaseSize = 64, Window = 32 };
        RgbImage image = Picture(3000, 2000);
        _net.Segment(image, options);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _net.Segment(image, options);
        // The labels and a few maps of 64 pixels; classes x height x width floats would be 120 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 6_000_000, 8_000_000);
    }

    [Theory]
    [InlineData(60, 40)]
    [InlineData(2000, 1500)]
    public void ProbabilitiesThatWaitOnTheHostGiveTheSameLabels(int width, int height)
    {
        using var network = new Network(SpNetGraph.Build(Tiny.Architecture), Tiny.Balanced(_device), _device, "score");
        RgbImage image = Picture(width, height);
        var options = new SegmentOptions { BaseSize = 48, Window = 32, Flip = true, Scales = [0.5, 1, 1.75] };
        var views = new AveragedViews(new PictureNetwork(network, new()), mostOnDevice: 0);
        byte[] labels = views.Run(image, options, TestContext.Current.CancellationToken).Labels;
        Assert.Equal(_net.Segment(image, options).Labels, labels);
        Assert.True(labels.Distinct().Count() > 1, "one label everywhere shows nothing");
    }

    [Fact]
    public void OptionsAreChecked()
    {
        RgbImage image = Picture(20, 20);
        SegmentOptions[] wrong =
        [
            new() { BaseSize = -1 }, new() { Scales = [] }, new() { Scales = [0] }, new() { Scales = [1, -1] },
            new() { Scales = [double.NaN] }, new() { Scales = [9] },
        ];
        Assert.All(wrong, options => Assert.Throws<ConfigurationException>(() => _net.Segment(image, options)));
        Assert.Throws<ImageException>(() => _net.Segment(image, new() { BaseSize = 20_000 }));
        Assert.Equal((512, 480, true),
            (SegmentOptions.OfficialAde20k.BaseSize, SegmentOptions.OfficialAde20k.Window, SegmentOptions.OfficialAde20k.Flip));
        Assert.Equal((2048, 768), (SegmentOptions.OfficialCityscapes.BaseSize, SegmentOptions.OfficialCityscapes.Window));
    }

    [Fact]
    public void SeveralThreadsGetTheirOwnLabels()
    {
        RgbImage[] images = [.. Enumerable.Range(0, 4).Select(i => Picture(20 + 13 * i, 31))];
        var options = new SegmentOptions { BaseSize = 40, Window = 32, Scales = [0.5, 1] };
        byte[][] expected = [.. images.Select(image => _net.Segment(image, options).Labels)];
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i => Assert.Equal(expected[i % 4], _net.Segment(images[i % 4], options).Labels));
    }

    private static RgbImage Picture(int width, int height)
    {
        var random = new Random(width * 1000 + height);
        var pixels = new byte[3 * width * height];
        random.NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(pixels[i] / 4 + 60 * (i / 30 % 3));
        return new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb);
    }

    /// <summary>The mean over the scales of the probabilities at the picture's own size: class, row, column.</summary>
    private double[,,] Expected(RgbImage image, SegmentOptions options)
    {
        var pixels = new double[3, image.Height, image.Width];
        for (int i = 0; i < image.Pixels.Length; i++)
            pixels[i % 3, i / 3 / image.Width, i / 3 % image.Width] = image.Pixels[i];
        var mean = new double[_classes, image.Height, image.Width];
        foreach (double scale in options.Scales)
        {
            int longer = Math.Max(image.Width, image.Height);
            int own = options.LongSide > 0 ? Math.Min(options.LongSide, longer) : longer;
            double target = Math.Round(scale * (options.BaseSize > 0 ? options.BaseSize : own));
            int height = image.Height >= image.Width ? (int)target : (int)Math.Round(target / image.Width * image.Height);
            int width = image.Width >= image.Height ? (int)target : (int)Math.Round(target / image.Height * image.Width);
            double[,,] seen = Resized(Probabilities(Resized(pixels, height, width), options), image.Height, image.Width);
            foreach ((int c, int y, int x) in Positions(seen))
                mean[c, y, x] += seen[c, y, x] / options.Scales.Count;
        }
        return mean;
    }

    /// <summary>Sums over windows and mirrorings of the padded picture, divided by their number, without the padding.</summary>
    private double[,,] Probabilities(double[,,] picture, SegmentOptions options)
    {
        (int height, int width) = (picture.GetLength(1), picture.GetLength(2));
        (int viewHeight, int viewWidth) = options.Window == 0 ? (height, width) : (options.Window, options.Window);
        (int padTop, int padLeft) = (Math.Max(0, viewHeight - height) / 2, Math.Max(0, viewWidth - width) / 2);
        var sums = new double[_classes, height, width];
        var counts = new int[height, width];
        foreach (int top in Starts(Math.Max(height, viewHeight), viewHeight))
        {
            foreach (int left in Starts(Math.Max(width, viewWidth), viewWidth))
            {
                foreach (bool mirrored in options.Flip ? (bool[])[false, true] : [false])
                {
                    double[,,] view = View(picture, top - padTop, left - padLeft, viewHeight, viewWidth, mirrored);
                    foreach ((int c, int y, int x) in Positions(view))
                    {
                        int targetY = top - padTop + y, targetX = left - padLeft + (mirrored ? viewWidth - 1 - x : x);
                        if (targetY < 0 || targetY >= height || targetX < 0 || targetX >= width)
                            continue;
                        sums[c, targetY, targetX] += view[c, y, x];
                        counts[targetY, targetX] += c == 0 ? 1 : 0;
                    }
                }
            }
        }
        foreach ((int c, int y, int x) in Positions(sums))
            sums[c, y, x] /= counts[y, x];
        return sums;
    }

    /// <summary>The softmax of the network's logits for one view.</summary>
    private double[,,] View(double[,,] picture, int top, int left, int height, int width, bool mirrored)
    {
        var data = new float[3 * height * width];
        for (int i = 0; i < data.Length; i++)
        {
            (int c, int y, int x) = (i / (height * width), i / width % height, i % width);
            (int sourceY, int sourceX) = (top + y, left + (mirrored ? width - 1 - x : x));
            bool inside = sourceY >= 0 && sourceY < picture.GetLength(1) && sourceX >= 0 && sourceX < picture.GetLength(2);
            double value = inside ? picture[c, sourceY, sourceX] : ColourStatistics.ImageNet.Mean[c];
            data[i] = (float)((value - ColourStatistics.ImageNet.Mean[c]) / ColourStatistics.ImageNet.Deviation[c]);
        }
        float[] logits = _net.Forward(new HostTensor(data, 1, 3, height, width)).Floats;
        var probabilities = new double[_classes, height, width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double[] powers = [.. Enumerable.Range(0, _classes).Select(c => Math.Exp(logits[(c * height + y) * width + x]))];
                for (int c = 0; c < _classes; c++)
                    probabilities[c, y, x] = powers[c] / powers.Sum();
            }
        }
        return probabilities;
    }

    private static List<int> Starts(int extent, int window)
    {
        int stride = (int)Math.Ceiling(window * 2 / 3.0);
        int count = (int)Math.Ceiling((extent - window) / (double)stride) + 1;
        return [.. Enumerable.Range(0, count).Select(i => Math.Min(i * stride + window, extent) - window)];
    }

    /// <summary>Bilinear between pixel centres, the border repeated.</summary>
    private static double[,,] Resized(double[,,] source, int height, int width)
    {
        (int sourceHeight, int sourceWidth) = (source.GetLength(1), source.GetLength(2));
        var resized = new double[source.GetLength(0), height, width];
        foreach ((int c, int y, int x) in Positions(resized))
        {
            double atY = Math.Clamp((y + 0.5) * sourceHeight / height - 0.5, 0, sourceHeight - 1);
            double atX = Math.Clamp((x + 0.5) * sourceWidth / width - 0.5, 0, sourceWidth - 1);
            (int above, int left) = ((int)atY, (int)atX);
            (int below, int right) = (Math.Min(above + 1, sourceHeight - 1), Math.Min(left + 1, sourceWidth - 1));
            (double down, double across) = (atY - above, atX - left);
            resized[c, y, x] = (1 - down) * ((1 - across) * source[c, above, left] + across * source[c, above, right])
                + down * ((1 - across) * source[c, below, left] + across * source[c, below, right]);
        }
        return resized;
    }

    private static IEnumerable<(int C, int Y, int X)> Positions(double[,,] values)
    {
        for (int c = 0; c < values.GetLength(0); c++)
        {
            for (int y = 0; y < values.GetLength(1); y++)
            {
                for (int x = 0; x < values.GetLength(2); x++)
                    yield return (c, y, x);
            }
        }
    }
}
