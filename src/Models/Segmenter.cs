using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// Pixels to labels around a network with input <c>image</c> and output <c>score</c>: normalising and arg-max run on
/// the device, so that only bytes cross the bus.
/// </summary>
internal sealed class Segmenter(Network network, int classes) : IDisposable
{
    /// <summary>Frames that are kept; each holds the pixels and labels of one size.</summary>
    private const int MostFrames = 4;

    private readonly Device _device = network.Device;
    private readonly List<SegmentationFrame> _frames = [];
    private readonly TestProcedure _procedure = new(network, classes);

    public HostTensor Forward(HostTensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Shape is not [int n, int c, int h, int w])
            throw new ShapeException($"the input has shape {HostTensor.Describe(image.Shape)}; N, 3, H, W are needed");
        lock (_device.Gate)
        {
            Plan plan = network.PlanFor(("image", new Shape(n, c, h, w)));
            plan["image"].Upload<float>(image.Floats);
            plan.Run();
            Tensor logits = Tensor.Allocate(_device, new Shape(n, classes, h, w));
            using (logits.Memory)
            {
                _device.Operators.Prepare(new Bilinear((h, w)), [plan["score"].Shape]).Run([plan["score"]], [logits]);
                var data = new float[logits.Shape.Count];
                logits.Download<float>(data);
                return new HostTensor(data, n, classes, h, w);
            }
        }
    }

    public LabelMap Segment(RgbImage image, SegmentOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        options.Checked();
        Size2D size = (image.Height, image.Width);
        if (options.IsTestProcedure)
            return new LabelMap(ProbabilityMap.ArgMax(Probabilities(image, options), size), image.Width, image.Height);
        Size2D working = Reduce(size, options.LongSide);
        RgbImage pixels = working == size ? image : image.Resize(working.Width, working.Height);
        var labels = new byte[image.Width * image.Height];
        lock (_device.Gate)
        {
            SegmentationFrame frame = Frame(working, size, options);
            frame.Run(network, pixels, labels);
        }
        return new LabelMap(labels, image.Width, image.Height);
    }

    public void Dispose()
    {
        lock (_device.Gate)
        {
            foreach (SegmentationFrame frame in _frames)
                frame.Dispose();
            _frames.Clear();
            _procedure.Dispose();
        }
    }

    private IReadOnlyList<ProbabilityMap> Probabilities(RgbImage image, SegmentOptions options)
    {
        lock (_device.Gate)
            return _procedure.Run(image, options);
    }

    /// <summary>The size with its longer side at most <paramref name="longSide"/>.</summary>
    private static Size2D Reduce(Size2D size, int longSide)
    {
        int longer = Math.Max(size.Height, size.Width);
        if (longSide == 0 || longer <= longSide)
            return size;
        return new(Scale(size.Height), Scale(size.Width));

        int Scale(int extent) => Math.Max(1, (int)Math.Round((double)extent * longSide / longer));
    }

    private SegmentationFrame Frame(Size2D working, Size2D output, SegmentOptions options)
    {
        var key = new FrameKey(working, output, options.Window, options.Flip);
        int found = _frames.FindIndex(frame => frame.Key == key);
        SegmentationFrame used = found < 0 ? new SegmentationFrame(_device, key, classes) : _frames[found];
        if (found >= 0)
        {
            _frames.RemoveAt(found);
        }
        else if (_frames.Count == MostFrames)
        {
            _frames[0].Dispose();
            _frames.RemoveAt(0);
        }
        _frames.Add(used);
        return used;
    }
}
