namespace SpGpu.Models.Tests;

/// <summary>A tiny network of every family and source.</summary>
internal static class TinyNetworks
{
    public static IReadOnlyDictionary<string, SegmentationArchitecture> All { get; } = new Dictionary<string, SegmentationArchitecture>
    {
        ["spnet"] = Tiny.Architecture,
        ["torchvision fcn"] = ResNetArchitecture.Of(
            SegmentationHead.Fcn, NetworkSource.Torchvision, 5, [8], [4, 4, 8, 8], [1, 2, 1, 2]),
        ["torchvision deeplabv3"] = ResNetArchitecture.Of(
            SegmentationHead.DeepLabV3, NetworkSource.Torchvision, 5, [8], [4, 4, 8, 8], [1, 1, 2, 1]),
        ["mmsegmentation pspnet"] = ResNetArchitecture.Of(
            SegmentationHead.PspNet, NetworkSource.Mmsegmentation, 5, [4, 4, 8], [8, 8, 16, 16], [2, 1, 1, 2], bottlenecks: false),
        ["mmsegmentation pspnet, plain stem"] = ResNetArchitecture.Of(
            SegmentationHead.PspNet, NetworkSource.Mmsegmentation, 5, [8], [4, 4, 8, 8], [1, 1, 1, 1]),
        ["mmsegmentation fcn"] = ResNetArchitecture.Of(
            SegmentationHead.Fcn, NetworkSource.Mmsegmentation, 5, [4, 4, 8], [4, 4, 8, 8], [1, 1, 1, 2]),
        ["semseg pspnet"] = ResNetArchitecture.Of(
            SegmentationHead.PspNet, NetworkSource.Semseg, 5, [4, 4, 8], [4, 4, 8, 8], [1, 2, 1, 2]),
        ["mmsegmentation ddrnet"] = new DdrNetArchitecture { Classes = 5, Channels = 4, PyramidChannels = 6, HeadChannels = 3 },
        ["mmsegmentation segnext"] = new SegNextArchitecture
        {
            Classes = 5,
            Auxiliary = false,
            Widths = [4, 6, 8, 8],
            Blocks = [1, 2, 1, 1],
            Ratios = [2, 2, 1, 1],
            HeadChannels = 8,
            HamChannels = 12,
            NormGroups = 4,
        },
    };
}
