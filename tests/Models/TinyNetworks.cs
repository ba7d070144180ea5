namespace SpGpu.Models.Tests;

/// <summary>A tiny network of every family and source.</summary>
internal static class TinyNetworks
{
    public static IReadOnlyDictionary<string, SegmentationArchitecture> All { get; } = new Dictionary<string, SegmentationArchitecture>
    {
        ["spnet"] = Tiny.Architecture,
        ["semseg pspnet"] = ResNetArchitecture.Of(
            SegmentationHead.PspNet, NetworkSource.Semseg, 5, [4, 4, 8], [4, 4, 8, 8], [1, 2, 1, 2]),
    };
}
