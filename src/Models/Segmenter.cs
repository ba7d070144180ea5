using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// Pixels to labels around a network with input <c>image</c> and output <c>score</c>: normalising and arg-max run on
/// the device, so that only bytes cross the bus.
/// </summary>
internal sealed class Segmenter : IDisposable, IMemoryCache
{
    /// <summary>Frames that are kept; each holds the pixels and labels of one size.</summary>
    private const int MostFrames = 4;

    private readonly Network _network;
    private readonly int _classes;
    private readonly Device _device;
    private readonly List<SegmentationFrame> _frames = [];
    private readonly TestProcedure _procedure;
    private SegmentationFrame? _running;
    private bool _disposed;

    public Segmenter(Network network, int classes)
    {
        (_network, _classes, _device) = (network, classes, network.Device);
        _procedure = new TestProcedure(network, classes);
        _device.Register(this);
    }

    public HostTensor Forward(HostTensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Shape is not [int n, int c, int h, int w])
            throw new ShapeException($"the input has shape {HostTensor.Describe(image.Shape)}; N, 3, H, W are needed");
        return Exclusively(() =>
        {
            Plan plan = _network.PlanFor(("image", new Shape(n, c, h, w)));
            plan["image"].Upload<float>(image.Floats);
            plan.Run();
            Tensor logits = Tensor.Allocate(_device, new Shape(n, _classes, h, w));
            using (logits.Memory)
            {
                _device.Operators.Prepare(new CornerAlignedBilinear((h, w)), [plan["score"].Shape]).Run([plan["score"]], [logits]);
                var data = new float[logits.Shape.Count];
                logits.Download<float>(data);
                return new HostTensor(data, n, _classes, h, w);
            }
        });
    }

    public LabelMap Segment(RgbImage image, SegmentOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        options.Checked();
        Size2D size = (image.Height, image.Width);
        if (options.IsTestProcedure)
        {
            IReadOnlyList<ProbabilityMap> maps = Exclusively(() => _procedure.Run(image, options));
            byte[] most = ProbabilityMap.ArgMax(maps, size);
            ScoreCheck.ThrowIfOverflown(most, () => maps.Select(map => map.Values));
            return new LabelMap(most, image.Width, image.Height);
        }
        Size2D working = Reduce(size, options.LongSide);
        RgbImage pixels = working == size ? image : image.Resize(working.Width, working.Height);
        return Exclusively(() =>
        {
            var labels = new byte[image.Width * image.Height];
            _running = Frame(working, size, options);
            _running.Run(_network, pixels, labels);
            return new LabelMap(labels, image.Width, image.Height);
        });
    }

    /// <summary>Gives back frames and the map of the test procedure, where they are not in use.</summary>
    void IMemoryCache.GiveUp()
    {
        foreach (SegmentationFrame frame in _frames.Where(frame => frame != _running))
            frame.Dispose();
        _frames.RemoveAll(frame => frame != _running);
        _procedure.GiveUp();
    }

    public void Dispose()
    {
        lock (_device.Lock)
        {
            _disposed = true;
            foreach (SegmentationFrame frame in _frames)
                frame.Dispose();
            _frames.Clear();
            _procedure.Dispose();
        }
    }

    /// <summary>Works while no other thread does; afterwards neither frame nor plan are in use.</summary>
    private T Exclusively<T>(Func<T> work)
    {
        lock (_device.Lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                return work();
            }
            finally
            {
                _running = null;
                _network.Return();
            }
        }
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
        if (found < 0 && _frames.Count == MostFrames)
        {
            _frames[0].Dispose();
            _frames.RemoveAt(0);
        }
        // Making a frame may empty the cache.
        SegmentationFrame used = found < 0 ? new SegmentationFrame(_device, key, _classes) : _frames[found];
        if (found >= 0)
            _frames.RemoveAt(found);
        _frames.Add(used);
        return used;
    }
}
