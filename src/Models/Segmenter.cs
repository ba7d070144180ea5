using System.Diagnostics;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// Pixels to labels around any network that takes pictures and gives scores, such as one of your own: pictures are reduced,
/// normalised, cut into windows, mirrored and scaled as the options say, and the scores resized to labels of the picture's own
/// size. Safe to use from several threads; one runs at a time.
/// </summary>
public sealed class Segmenter : IDisposable, IMemoryCache
{
    // Two roads: that of the WholePicture, and that of the AveragedViews where windows, mirror images, scales or probabilities
    // are asked for.

    /// <summary>Whole pictures that are kept; each holds the pixels and labels of one size.</summary>
    private const int MostWholes = 4;

    private readonly PictureNetwork _network;
    private readonly Device _device;
    private readonly List<WholePicture> _wholes = [];
    private readonly AveragedViews _views;

    // Those who wait for it hold no thread. It needs no disposal, as nobody asks for its handle.
    private readonly SemaphoreSlim _turn = new(1);
    private WholePicture? _running;
    private bool _disposed;

    /// <summary>Gets ready to segment with a network.</summary>
    /// <param name="network">
    /// A network with one input, N,3,H,W, and one output: a score for each of 1 to 256 classes, N,classes, at any resolution.
    /// It must outlive the segmenter.
    /// </param>
    /// <param name="conventions">How it wants its pictures; null for what the official SPNet is trained with.</param>
    /// <exception cref="ShapeException">The network takes or gives something else.</exception>
    public Segmenter(Network network, PictureConventions? conventions = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, _device) = (new PictureNetwork(network, conventions ?? new()), network.Device);
        _views = new AveragedViews(_network);
        _device.Register(this);
    }

    /// <summary>The classes that the network tells apart.</summary>
    public int Classes => _network.Classes;

    /// <summary>The class of every pixel of a picture; the label map has the picture's size.</summary>
    /// <param name="image">The picture, of any size.</param>
    /// <param name="options">How the network looks at it; null shows it once, as it is.</param>
    /// <param name="cancellation">
    /// Ends it before the next operator, and the network can be used as before. A GPU finishes what it has been given: at most
    /// one picture, or one window of it. A wait for other threads goes on, and nothing is computed after it.
    /// </param>
    /// <exception cref="ConfigurationException">An option does not make sense.</exception>
    /// <exception cref="ImageException">A scale would make the picture too large.</exception>
    /// <exception cref="ShapeException">The network cannot take the size.</exception>
    /// <exception cref="WeightsException">The network's scores are no numbers.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter, the network or the device has been disposed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public LabelMap Segment(RgbImage image, SegmentOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = (options ?? new()).Checked();
        cancellation.ThrowIfCancellationRequested();
        return options.IsWhole
            ? SeeWhole([image], options.LongSide, cancellation)[0]
            : Look(() => [_views.Run(image, options, cancellation)], cancellation)[0];
    }

    /// <summary>
    /// The labels of several pictures of one size, in one run where the network sees each whole and once. That is faster for
    /// small pictures, of some thousand pixels on a processor; memory grows with their number.
    /// </summary>
    /// <param name="images">The pictures; of none there are no labels.</param>
    /// <param name="options">How the network looks at them; null shows each once, as it is.</param>
    /// <param name="cancellation">Ends it, as for one picture.</param>
    /// <exception cref="ImageException">The sizes differ, or a scale would make a picture too large.</exception>
    /// <inheritdoc cref="Segment(RgbImage, SegmentOptions?, CancellationToken)" path="/exception"/>
    public IReadOnlyList<LabelMap> Segment(
        IReadOnlyList<RgbImage> images, SegmentOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options = (options ?? new()).Checked();
        cancellation.ThrowIfCancellationRequested();
        if (images.FirstOrDefault(image => (image.Width, image.Height) != (images[0].Width, images[0].Height)) is { } other)
            throw new ImageException(
                $"a picture of {images[0].Width} x {images[0].Height} pixels and one of {other.Width} x {other.Height} in one run; " +
                "give pictures of one size, or one at a time");
        return options.IsWhole && images.Count > 0
            ? SeeWhole(images, options.LongSide, cancellation)
            : [.. images.Select(image => Segment(image, options, cancellation))];
    }

    /// <summary>
    /// Does what <see cref="Segment(RgbImage, SegmentOptions?, CancellationToken)"/> does, on the thread pool.
    /// One picture is computed at a time, with all threads of the
    /// device; those who wait for their turn hold no thread, and leave at once where they are cancelled.
    /// </summary>
    /// <param name="image">The picture, of any size; it is not to be changed meanwhile.</param>
    /// <param name="options">How the network looks at it; null shows it once, as it is.</param>
    /// <param name="cancellation">Ends it, as for <see cref="Segment(RgbImage, SegmentOptions?, CancellationToken)"/>.</param>
    /// <inheritdoc cref="Segment(RgbImage, SegmentOptions?, CancellationToken)" path="/exception"/>
    public async Task<LabelMap> SegmentAsync(
        RgbImage image, SegmentOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        options = (options ?? new()).Checked();
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

    /// <summary>Gives back what belongs to the segmenter; the network stays.</summary>
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

    /// <summary>Logits at the size of the input, which is normalised.</summary>
    internal HostTensor Forward(HostTensor image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Shape is not [int n, int c, int h, int w])
            throw new ShapeException($"the input has shape {HostTensor.Describe(image.Shape)}; N, 3, H, W are needed");
        return Exclusively(() =>
        {
            Plan plan = _network.PlanFor(new Shape(n, c, h, w));
            _network.Pictures(plan).Upload<float>(image.Floats);
            plan.Run(cancellation);
            Tensor scores = _network.Scores(plan), logits = Tensor.Allocate(_device, new Shape(n, Classes, h, w));
            using (logits.Memory)
            {
                _device.Operators.Prepare(new Bilinear((h, w), _network.Conventions.Resize), [scores.Shape]).Run([scores], [logits]);
                return new HostTensor(logits.ToHost(), n, Classes, h, w);
            }
        }, cancellation);
    }

    /// <summary>Gives back what is kept and not in use.</summary>
    void IMemoryCache.GiveUp()
    {
        foreach (WholePicture whole in _wholes.Where(whole => whole != _running))
            whole.Dispose();
        _wholes.RemoveAll(whole => whole != _running);
    }

    /// <summary>
    /// Shows the network pictures as they are, or reduced to the working resolution, or enlarged by a few pixels to a size that the
    /// network is made for.
    /// </summary>
    private LabelMap[] SeeWhole(IReadOnlyList<RgbImage> images, int longSide, CancellationToken cancellation)
    {
        Size2D size = (images[0].Height, images[0].Width);
        Size2D working = _network.Conventions.Sizes.AtLeast(Reduce(size, longSide));
        if (working != size)
            images = [.. images.Select(image => image.Resize(working.Width, working.Height))];
        return Look(() =>
        {
            Plan plan = _network.PlanFor(new Shape(images.Count, 3, working.Height, working.Width));
            _running = WholeFor(plan, images.Count, working, size);
            return _running.Run(plan, images, cancellation);
        }, cancellation);
    }

    /// <summary>Segments pictures while no other thread does, and says how long that took.</summary>
    private LabelMap[] Look(Func<LabelMap[]> segment, CancellationToken cancellation)
    {
        TimeSpan took = default;
        LabelMap[] labels = Exclusively(() =>
        {
            long start = Stopwatch.GetTimestamp();
            LabelMap[] found = segment();
            took = Stopwatch.GetElapsedTime(start);
            return found;
        }, cancellation);
        // Listeners may do what they like, also segment.
        SegmentMetrics.Add(_device, labels.Length, took);
        return labels;
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

    private WholePicture WholeFor(Plan plan, int count, Size2D working, Size2D output)
    {
        int found = _wholes.FindIndex(whole => whole.Count == count && whole.Working == working && whole.Output == output);
        if (found < 0 && _wholes.Count == MostWholes)
        {
            _wholes[0].Dispose();
            _wholes.RemoveAt(0);
        }
        // Making one may empty the list.
        WholePicture used = found < 0 ? new WholePicture(_network, plan, output) : _wholes[found];
        if (found >= 0)
            _wholes.RemoveAt(found);
        _wholes.Add(used);
        return used;
    }
}
