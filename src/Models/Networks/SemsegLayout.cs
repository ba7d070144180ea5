using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>semseg's PSPNet: corners aligned, sizes 8n + 1.</summary>
internal sealed class SemsegLayout : ResNetLayout
{
    public override string Backbone => "";

    public override int[] Stem => [64, 64, 128];

    public override IReadOnlyList<SegmentationHead> Heads => [SegmentationHead.PspNet];

    public override ResizeRule Resize => ResizeRule.CornerAligned;

    public override SizeRule Sizes { get; } = new(8, 1);

    public override bool DilatesFirstBlock => true;

    public override (string Score, string Auxiliary) Keys => ("cls.4", "aux.4");

    public override (string Conv, string Norm) StemNames(int layer, bool isDeep) =>
        (NetworkKeys.Invariant($"layer0.{3 * layer}"), NetworkKeys.Invariant($"layer0.{3 * layer + 1}"));

    public override Value Score(Graph graph, Value features, ResNetArchitecture network)
    {
        Value joined = graph.PyramidPooling(features, features.Channels / 4, Resize,
            i => (NetworkKeys.Invariant($"ppm.features.{i}.1"), NetworkKeys.Invariant($"ppm.features.{i}.2")));
        return graph.Score(joined, "cls", network.HeadChannels, network.Classes);
    }

    public override Value AuxiliaryScore(Graph graph, Value features, ResNetArchitecture network) =>
        graph.Score(features, "aux", features.Channels / 4, network.Classes);
}
