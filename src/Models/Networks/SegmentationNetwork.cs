using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>
/// A network for inference: from pixels to a label map, or from a tensor to logits. <see cref="Load(string, Device,
/// SegmentationArchitecture?, bool)"/> opens any that is known. Safe to use from several threads; one runs at a time.
/// </summary>
public class SegmentationNetwork : IDisposable
{
    private readonly Network _network;
    private readonly Segmenter _segmenter;

    /// <summary>Puts a network on a device.</summary>
    /// <param name="architecture">What the network is.</param>
    /// <param name="state">The parameters by PyTorch's names; they are not needed afterwards.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <exception cref="WeightsException">A parameter is missing, has another shape or holds NaN.</exception>
    public SegmentationNetwork(SegmentationArchitecture architecture, ITensorSource state, Device device)
        : this(NetworkWeights.Of(architecture, state), device)
    {
    }

    private protected SegmentationNetwork(NetworkWeights weights, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        (Architecture, Device, Report, Classes) = (weights.Architecture, device, weights.Report, weights.Classes);
        _network = new Network(Architecture.Build(), weights.State, device, "score");
        _segmenter = new Segmenter(_network, new() { Resize = Architecture.Resize, Sizes = Architecture.Sizes });
    }

    /// <summary>What the network is: its family, widths and depths.</summary>
    public SegmentationArchitecture Architecture { get; }

    /// <summary>The names and colours that its weights have for its classes.</summary>
    public NetworkClasses Classes { get; }

    /// <summary>The device that runs it.</summary>
    public Device Device { get; }

    /// <summary>How the given parameters differed from the expected ones.</summary>
    public LoadReport Report { get; }

    /// <summary>Reads a network from a checkpoint, a tensor at a time.</summary>
    /// <param name="path">A <c>.pth</c> or <c>.safetensors</c> file.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">
    /// Whether every key must be there and none too many. Otherwise missing and mis-shaped parameters take their
    /// initial values, and <see cref="Report"/> says which.
    /// </param>
    /// <exception cref="WeightsException">The file cannot be read, does not fit or holds NaN.</exception>
    public static SegmentationNetwork Load(string path, Device device, SegmentationArchitecture? architecture = null, bool strict = true)
    {
        using var file = WeightsFile.Open(path);
        return Load(file, device, architecture, strict);
    }

    /// <summary>Reads a network from a stream, which may be one that cannot seek, into memory; no file is written.</summary>
    /// <param name="stream">A <c>.pth</c> or <c>.safetensors</c> file, read to its end; not closed. What it throws comes through.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">Whether every key must be there and none too many, as for a path.</param>
    /// <exception cref="WeightsException">The stream holds no weights, or ones that do not fit or hold NaN.</exception>
    public static SegmentationNetwork Load(
        Stream stream, string name, Device device, SegmentationArchitecture? architecture = null, bool strict = true)
    {
        using var file = WeightsFile.Open(stream, name);
        return Load(file, device, architecture, strict);
    }

    /// <summary>Reads a network from a file that is open; it may be closed afterwards.</summary>
    /// <param name="file">The file.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">Whether every key must be there and none too many, as for a path.</param>
    /// <exception cref="WeightsException">The file cannot be read, does not fit or holds NaN.</exception>
    public static SegmentationNetwork Load(
        WeightsFile file, Device device, SegmentationArchitecture? architecture = null, bool strict = true) =>
        new(NetworkWeights.Of(file, architecture, strict), device);

    /// <summary>A network with initial values, for demonstrations and timing.</summary>
    public static SegmentationNetwork Random(SegmentationArchitecture architecture, Device device, int seed = 0) =>
        new(NetworkWeights.Random(architecture, seed), device);

    /// <summary>Logits at the input's size, as the network's own code gives them in eval mode.</summary>
    /// <param name="image">N,3,H,W, normalised: (pixel - mean) / deviation of <see cref="ColourStatistics.ImageNet"/>.</param>
    /// <returns>N,classes,H,W.</returns>
    /// <param name="cancellation">Ends it before the next operator.</param>
    /// <exception cref="ShapeException">
    /// The tensor has another rank or number of channels, or a size that the network cannot take.
    /// </exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The network or the device has been disposed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public HostTensor Forward(HostTensor image, CancellationToken cancellation = default) => _segmenter.Forward(image, cancellation);

    /// <summary>The class of every pixel of a picture; the label map has the picture's size.</summary>
    /// <param name="image">The picture, of any size.</param>
    /// <param name="options">How the network looks at it; null shows it once, as it is.</param>
    /// <param name="cancellation">
    /// Ends it before the next operator, and the network can be used as before. A GPU finishes what it has been given: at most
    /// one picture, or one window of it. A wait for other threads goes on, and nothing is computed after it.
    /// </param>
    /// <exception cref="ConfigurationException">An option does not make sense.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The network or the device has been disposed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public LabelMap Segment(RgbImage image, SegmentOptions? options = null, CancellationToken cancellation = default) =>
        _segmenter.Segment(image, options, cancellation);

    /// <summary>
    /// The labels of several pictures of one size, in one run where the network sees each whole and once. That is faster for
    /// small pictures, of some thousand pixels on a processor; memory grows with their number.
    /// </summary>
    /// <param name="images">The pictures; of none there are no labels.</param>
    /// <param name="options">How the network looks at them; null shows each once, as it is.</param>
    /// <param name="cancellation">Ends it, as for one picture.</param>
    /// <exception cref="ImageException">The sizes differ.</exception>
    /// <exception cref="ConfigurationException">An option does not make sense.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The network or the device has been disposed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<LabelMap> Segment(
        IReadOnlyList<RgbImage> images, SegmentOptions? options = null, CancellationToken cancellation = default) =>
        _segmenter.Segment(images, options, cancellation);

    /// <summary>
    /// Does what <see cref="Segment(RgbImage, SegmentOptions?, CancellationToken)"/> does, on the thread pool.
    /// A network computes one picture at a time, with all threads of
    /// its device; those who wait for their turn hold no thread, and leave at once where they are cancelled.
    /// </summary>
    /// <param name="image">The picture, of any size; it is not to be changed meanwhile.</param>
    /// <param name="options">How the network looks at it; null shows it once, as it is.</param>
    /// <param name="cancellation">Ends it, as for <see cref="Segment(RgbImage, SegmentOptions?, CancellationToken)"/>.</param>
    /// <exception cref="ConfigurationException">An option does not make sense.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The network or the device has been disposed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public Task<LabelMap> SegmentAsync(RgbImage image, SegmentOptions? options = null, CancellationToken cancellation = default) =>
        _segmenter.SegmentAsync(image, options, cancellation);

    /// <summary>Times every kernel of <see cref="Forward"/> up to the logits at the network's own stride, on a made-up image.</summary>
    /// <param name="image">N,3,H,W.</param>
    /// <param name="runs">Timed runs, at least 1; medians count.</param>
    /// <param name="cancellation">Ends it before the next run.</param>
    /// <exception cref="ShapeException">The network cannot take the shape.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public Profile Profile(Shape image, int runs = 5, CancellationToken cancellation = default) =>
        _network.Profile([("image", image)], runs, cancellation);

    /// <summary>Gives plans and weights back to the device.</summary>
    public void Dispose()
    {
        _segmenter.Dispose();
        _network.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The architecture and where it runs.</summary>
    public override string ToString() => $"{Architecture} on {Device.Name}";
}
