using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers.Plans;

namespace SpGpu.Models;

/// <summary>
/// The short road from pixels to labels, for pictures of one size, so many at a time, that the network sees whole, once: only bytes cross
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
        (Count, Working) = (image.N, (image.H, image.W));
        try
        {
            _pixels = Tensor.Allocate(device, image, DataType.UInt8);
            _labels = Tensor.Allocate(device, new Shape(image.N, 1, output.Height, output.Width), DataType.UInt8);
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

    /// <summary>The pictures of a run.</summary>
    public int Count { get; }

    /// <summary>The size at which the network sees pictures.</summary>
    public Size2D Working { get; }

    /// <summary>The size of the label map.</summary>
    public Size2D Output { get; }

    /// <summary>The class of every pixel. The caller holds the device's lock; the plan is for the working size.</summary>
    public LabelMap[] Run(Plan plan, IReadOnlyList<RgbImage> images, CancellationToken cancellation)
    {
        _pixels.Upload<byte>(images is [var one] ? one.Pixels : Joined(images));
        _normalize.Run([_pixels], [_network.Pictures(plan)]);
        plan.Run(cancellation);
        _argMax.Run([_network.Scores(plan)], [_labels]);
        var labels = new byte[_labels.Shape.Count];
        _labels.Download<byte>(labels);
        byte[][] parts = images.Count == 1 ? [labels] : [.. labels.Chunk(Output.Height * Output.Width)];
        foreach (byte[] part in parts)
            ScoreCheck.ThrowIfOverflown(part, () => [_network.Scores(plan).ToHost()]);
        return [.. parts.Select(part => new LabelMap(part, Output.Width, Output.Height))];
    }

    private static byte[] Joined(IReadOnlyList<RgbImage> images)
    {
        int length = images[0].Pixels.Length;
        var all = new byte[images.Count * length];
        for (int i = 0; i < images.Count; i++)
            images[i].Pixels.CopyTo(all, i * length);
        return all;
    }

    public void Dispose()
    {
        _pixels.Memory?.Dispose();
        _labels.Memory?.Dispose();
    }
}
