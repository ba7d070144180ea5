using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// Pixels to labels around a network with input <c>image</c> and output <c>score</c>, on one of two roads: that of the
/// <see cref="WholePicture"/>, or that of <see cref="AveragedViews"/> where windows, mirror images or scales are asked for.
/// </summary>
internal sealed class Segmenter : IDisposable, IMemoryCache
{
    /// <summary>Whole pictures that are kept; each holds the pixels and labels of one size.</summary>
    private const int MostWholes = 4;

    private readonly Network _network;
    private readonly SegmentationArchitecture _architecture;
    private readonly Device _device;
    private readonly List<WholePicture> _wholes = [];
    private readonly AveragedViews _views;

    // Those who wait for it hold no thread. It needs no disposal, as nobody asks for its handle.
    private readonly SemaphoreSlim _turn = new(1);
    private WholePicture? _running;
    private bool _disposed;

    /// <param name="network">The network.</param>
    /// <param name="architecture">What it is.</param>
    public Segmenter(Network network, SegmentationArchitecture architecture)
    {
        (_network, _architecture, _device) = (network, architecture, network.Device);
        _views = new AveragedViews(network, architecture);
        _device.Register(this);
    }

    public HostTensor Forward(HostTensor image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Shape is not [int n, int c, int h, int w])
            throw new ShapeException($"the input has shape {HostTensor.Describe(image.Shape)}; N, 3, H, W are needed");
        return Exclusively(() =>
        {
            Plan plan = _network.PlanFor(("image", new Shape(n, c, h, w)));
            plan["image"].Upload<float>(image.Floats);
            plan.Run(cancellation);
            Tensor logits = Tensor.Allocate(_device, new Shape(n, _architecture.Classes, h, w));
            using (logits.Memory)
            {
                _device.Operators.Prepare(new Bilinear((h, w), _architecture.Resize), [plan["score"].Shape]).Run([plan["score"]], [logits]);
                return new HostTensor(logits.ToHost(), n, _architecture.Classes, h, w);
            }
        }, cancellation);
    }

    public LabelMap Segment(RgbImage image, SegmentOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        options.Checked();
        cancellation.ThrowIfCancellationRequested();
        byte[] labels = options.IsWhole
            ? SeeWhole(image, options.LongSide, cancellation)
            : Exclusively(() => _views.Run(image, options, cancellation), cancellation);
        return new LabelMap(labels, image.Width, image.Height);
    }

    public async Task<LabelMap> SegmentAsync(RgbImage image, SegmentOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        options.Checked();
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Segment(image, options, cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives back what is kept and not in use.</summary>
    void IMemoryCache.GiveUp()
    {
        foreach (WholePicture whole in _wholes.Where(whole => whole != _running))
            whole.Dispose();
        _wholes.RemoveAll(whole => whole != _running);
    }

    public void Dispose()
    {
        lock (_device.Lock)
        {
            _disposed = true;
            foreach (WholePicture whole in _wholes)
                whole.Dispose();
            _wholes.Clear();
        }
    }

    /// <summary>
    /// Shows the network the picture as it is, or reduced to the working resolution, or enlarged by a few pixels to a size that the
    /// network is made for.
    /// </summary>
    private byte[] SeeWhole(RgbImage image, int longSide, CancellationToken cancellation)
    {
        Size2D size = (image.Height, image.Width);
        Size2D working = _architecture.Sizes.AtLeast(Reduce(size, longSide));
        RgbImage pixels = working == size ? image : image.Resize(working.Width, working.Height);
        return Exclusively(() =>
        {
            Plan plan = _network.PlanFor(("image", new Shape(1, 3, working.Height, working.Width)));
            _running = WholeFor(plan, working, size);
            return _running.Run(plan, pixels, cancellation);
        }, cancellation);
    }

    /// <summary>Works while no other thread does; afterwards nothing that is kept is in use.</summary>
    private T Exclusively<T>(Func<T> work, CancellationToken cancellation)
    {
        lock (_device.Lock)
        {
            cancellation.ThrowIfCancellationRequested();
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

    private WholePicture WholeFor(Plan plan, Size2D working, Size2D output)
    {
        int found = _wholes.FindIndex(whole => whole.Working == working && whole.Output == output);
        if (found < 0 && _wholes.Count == MostWholes)
        {
            _wholes[0].Dispose();
            _wholes.RemoveAt(0);
        }
        // Making one may empty the list.
        WholePicture used = found < 0 ? new WholePicture(plan, _device, output, _architecture.Resize) : _wholes[found];
        if (found >= 0)
            _wholes.RemoveAt(found);
        _wholes.Add(used);
        return used;
    }
}
