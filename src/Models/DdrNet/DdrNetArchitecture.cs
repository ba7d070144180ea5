using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// A DDRNet (Pan, Hong, Sun and Jia, "Deep Dual-Resolution Networks", 2021) by the names of mmsegmentation: a branch for detail
/// at stride 8 beside one for context that goes down to stride 64, which exchange what they have found twice, and a pyramid of
/// means at the end of the second.
/// </summary>
public sealed record DdrNetArchitecture : SegmentationArchitecture
{
    /// <summary>Channels of the stem's first convolutions; stages have 2, 4, 8 and 16 times as many.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels of each scale of the pyramid.</summary>
    public required int PyramidChannels { get; init; }

    /// <summary>Channels that the heads compute with.</summary>
    public required int HeadChannels { get; init; }

    /// <inheritdoc/>
    public override string Name => (Channels, PyramidChannels, HeadChannels) switch
    {
        (32, 128, 64) => "DDRNet-23-slim",
        (64, 128, 128) => "DDRNet-23",
        _ => FormattableString.Invariant($"DDRNet with {Channels} channels, {PyramidChannels} in the pyramid, {HeadChannels} in the heads"),
    };

    /// <inheritdoc/>
    public override NetworkSource Source => NetworkSource.Mmsegmentation;

    /// <inheritdoc/>
    public override ResizeRule Resize => ResizeRule.HalfPixel;

    /// <summary>Multiples of 8: its own code can add its branches at these alone.</summary>
    public override SizeRule Sizes { get; } = new(8, 0);

    /// <summary>DDRNet-23-slim.</summary>
    public static DdrNetArchitecture Slim(int classes) =>
        new() { Classes = classes, Channels = 32, PyramidChannels = 128, HeadChannels = 64 };

    /// <inheritdoc/>
    public override Graph Build() => DdrNetGraph.Build(Checked());

    /// <inheritdoc/>
    public override DdrNetArchitecture Checked()
    {
        CheckClasses();
        if (new[] { Channels, PyramidChannels, HeadChannels }.Any(width => width is < 1 or > 4096))
            throw new ConfigurationException("widths must lie between 1 and 4096");
        return this;
    }

    /// <summary>The title.</summary>
    public override string ToString() => Title;

    /// <summary>The widths by the keys.</summary>
    internal static DdrNetArchitecture Read(NetworkKeys keys) => new()
    {
        Classes = keys.OutChannels("decode_head.conv_seg.weight"),
        Channels = keys.OutChannels("backbone.stem.0.conv.weight"),
        PyramidChannels = keys.OutChannels("backbone.spp.scales.0.conv.weight"),
        HeadChannels = keys.InChannels("decode_head.conv_seg.weight"),
        Auxiliary = keys.Has("decode_head.aux_cls_seg.weight"),
    };
}
