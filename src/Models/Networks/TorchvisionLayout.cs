using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>torchvision's FCN and DeepLabV3: half-pixel, any size. Its plain dropout is of whole channels here.</summary>
internal sealed class TorchvisionLayout : ResNetLayout
{
    public override string Backbone => "backbone.";

    public override int[] Stem => [64];

    public override bool HasDeepStem => false;

    public override IReadOnlyList<SegmentationHead> Heads => [SegmentationHead.Fcn, SegmentationHead.DeepLabV3];

    public override (string Score, string Auxiliary) Keys => ("classifier.4", "aux_classifier.4");

    public override (string Conv, string Norm) StemNames(int layer, bool isDeep) => ("backbone.conv1", "backbone.bn1");

    public override Value Score(Graph graph, Value features, ResNetArchitecture network)
    {
        if (network.Head == SegmentationHead.Fcn)
            return graph.Score(features, "classifier", network.HeadChannels, network.Classes);
        Value y = graph.AtrousPyramid(features, "classifier.0", network.HeadChannels, Resize);
        y = graph.ConvNormRelu(y, "classifier.1", "classifier.2", network.HeadChannels, kernel: 3);
        return graph.Conv(y, "classifier.4", network.Classes, kernel: 1);
    }

    public override Value AuxiliaryScore(Graph graph, Value features, ResNetArchitecture network) =>
        graph.Score(features, "aux_classifier", features.Channels / 4, network.Classes);
}
