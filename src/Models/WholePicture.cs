using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// The short road from pixels to labels, for pictures of one size that the network sees whole, once: only bytes cross
/// the bus, and class scores exist at the network's own resolution alone.
/// </summary>
internal sealed class WholePicture : IDisposable
{
    private readonly PictureNetwork _network;
    private readonly Tensor _pixels;
    private readonly Tensor _labels;
    private readonly Operation _normalize;
    private readonly Operation _argMax;

    /// <param name="network">The network.</param>
    /// <param name="plan">The network at the working size.</param>
    /// <param name="output">The size of the label map.</param>
    public WholePicture(PictureNetwork network, Plan plan, Size2D output)
    {
        _network = network;
        (Shape image, Output, Device device) = (network.Pictures(plan).Shape, output, network.Device);
        Working = (image.H, image.W);
        try
        {
            _pixels = Tensor.Allocate(device, image, DataType.UInt8);
            _labels = Tensor.Allocate(device, new Shape(1, 1, output.Height, output.Width), DataType.UInt8);
            _normalize = device.Operators.Prepare(new NormalizeRgb(network.Conventions.Colours), [image]);
            _argMax = device.Operators.Prepare(
                new ArgMaxUpsampled(output, network.Conventions.Resize), [network.Scores(plan).Shape]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The size at which the network sees pictures.</summary>
    public Size2D Working { get; }

    /// <summary>The size of the label map.</summary>
    public Size2D Output { get; }

    /// <summary>The class of every pixel. The caller holds the device's lock; the plan is for the working size.</summary>
    public byte[] Run(Plan plan, RgbImage image, CancellationToken cancellation)
    {
        _pixels.Upload<byte>(image.Pixels);
        _normalize.Run([_pixels], [_network.Pictures(plan)]);
        plan.Run(cancellation);
        _argMax.Run([_network.Scores(plan)], [_labels]);
        var labels = new byte[_labels.Shape.Count];
        _labels.Download<byte>(labels);
        ScoreCheck.ThrowIfOverflown(labels, () => [_network.Scores(plan).ToHost()]);
        return labels;
    }

    public void Dispose()
    {
        _pixels.Memory?.Dispose();
        _labels.Memory?.Dispose();
    }
}
