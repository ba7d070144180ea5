namespace SpGpu.Models;

/// <summary>Networks of one kind and source, and how they are told from their keys.</summary>
/// <param name="Name">With its article, for messages: an SPNet.</param>
/// <param name="Score">The key of the last convolution's weight: what stands before it in a file is a wrapper's.</param>
/// <param name="Own">A key that no later family with the same <paramref name="Score"/> has.</param>
/// <param name="Read">Makes the architecture from the keys.</param>
internal sealed record NetworkFamily(string Name, string Score, string Own, Func<NetworkKeys, SegmentationArchitecture> Read)
{
    /// <summary>Every family that is known; the first that fits is taken.</summary>
    public static IReadOnlyList<NetworkFamily> All { get; } =
    [
        new("an SPNet", "head.score_layer.4.weight", "head.score_layer.4.weight", ArchitectureReader.Read),
        new("a DeepLabV3 of torchvision", "classifier.4.weight", "classifier.0.convs.0.0.weight",
            keys => ResNetReader.Read(keys, NetworkSource.Torchvision, SegmentationHead.DeepLabV3)),
        new("an FCN of torchvision", "classifier.4.weight", "backbone.layer1.0.conv1.weight",
            keys => ResNetReader.Read(keys, NetworkSource.Torchvision, SegmentationHead.Fcn)),
        new("a PSPNet of semseg", "cls.4.weight", "ppm.features.0.1.weight",
            keys => ResNetReader.Read(keys, NetworkSource.Semseg, SegmentationHead.PspNet)),
        new("a PSPNet of mmsegmentation", "decode_head.conv_seg.weight", "decode_head.psp_modules.0.1.conv.weight",
            keys => ResNetReader.Read(keys, NetworkSource.Mmsegmentation, SegmentationHead.PspNet)),
        new("an FCN of mmsegmentation", "decode_head.conv_seg.weight", "decode_head.conv_cat.conv.weight",
            keys => ResNetReader.Read(keys, NetworkSource.Mmsegmentation, SegmentationHead.Fcn)),
        new("a DDRNet of mmsegmentation", "decode_head.conv_seg.weight", "backbone.compression_1.conv.weight", DdrNetArchitecture.Read),
        new("a SegNeXt of mmsegmentation", "decode_head.conv_seg.weight", "decode_head.hamburger.ham_in.conv.weight",
            SegNextArchitecture.Read),
    ];

    /// <summary>The keys of last convolutions: each network has one, once.</summary>
    public static string[] Scores { get; } = [.. All.Select(family => family.Score).Distinct()];
}
