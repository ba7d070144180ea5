using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>An SPNet for inference: a <see cref="SegmentationNetwork"/> whose architecture is known to be one.</summary>
public sealed class SpNet : SegmentationNetwork
{
    /// <summary>Puts a network on a device.</summary>
    /// <param name="architecture">Widths, depths, placement.</param>
    /// <param name="state">The parameters by PyTorch's names; they are not needed afterwards.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <exception cref="WeightsException">A parameter is missing, has another shape or holds NaN.</exception>
    public SpNet(SpNetArchitecture architecture, ITensorSource state, Device device)
        : base(architecture, state, device)
    {
    }

    private SpNet(NetworkWeights weights, Device device)
        : base(weights, device)
    {
    }

    /// <summary>The network's widths, depths and placement.</summary>
    public new SpNetArchitecture Architecture => (SpNetArchitecture)base.Architecture;

    /// <summary>Reads an SPNet from a checkpoint, a tensor at a time.</summary>
    /// <param name="path">A <c>.pth</c> or <c>.safetensors</c> file.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">
    /// Whether every key must be there and none too many. Otherwise missing and mis-shaped parameters take their
    /// initial values, and <see cref="SegmentationNetwork.Report"/> says which.
    /// </param>
    /// <exception cref="WeightsException">The file cannot be read, does not fit, holds another network or NaN.</exception>
    public static SpNet Load(string path, Device device, SpNetArchitecture? architecture = null, bool strict = true)
    {
        using var file = WeightsFile.Open(path);
        return Load(file, device, architecture, strict);
    }

    /// <summary>Reads an SPNet from a stream, which may be one that cannot seek, into memory; no file is written.</summary>
    /// <param name="stream">A <c>.pth</c> or <c>.safetensors</c> file, read to its end; not closed. What it throws comes through.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">Whether every key must be there and none too many, as for a path.</param>
    /// <exception cref="WeightsException">The stream holds no weights, or ones that do not fit, of another network or with NaN.</exception>
    public static SpNet Load(
        Stream stream, string name, Device device, SpNetArchitecture? architecture = null, bool strict = true)
    {
        using var file = WeightsFile.Open(stream, name);
        return Load(file, device, architecture, strict);
    }

    /// <summary>Reads an SPNet from a file that is open; it may be closed afterwards.</summary>
    /// <param name="file">The file.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">Whether every key must be there and none too many, as for a path.</param>
    /// <exception cref="WeightsException">The file cannot be read, does not fit, holds another network or NaN.</exception>
    public static SpNet Load(WeightsFile file, Device device, SpNetArchitecture? architecture = null, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(NetworkWeights.Of(file, architecture ?? ArchitectureReader.Read(file, file.Origin), strict), device);
    }

    /// <summary>A network with the official initial values, for demonstrations and timing.</summary>
    public static SpNet Random(SpNetArchitecture architecture, Device device, int seed = 0) =>
        new(NetworkWeights.Random(architecture, seed), device);
}
