using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>mmsegmentation's PSPNet and FCN: half-pixel, any size; a convolution and its norm are <c>.conv</c> and <c>.bn</c>.</summary>
internal sealed class MmsegmentationLayout : ResNetLayout
{
    private const double DropoutProbability = 0.1;

    public override string Backbone => "backbone.";

    public override int[] Stem => [32, 32, 64];

    public override IReadOnlyList<SegmentationHead> Heads => [SegmentationHead.PspNet, SegmentationHead.Fcn];

    public override (string Score, string Auxiliary) Keys => ("decode_head.conv_seg", "auxiliary_head.conv_seg");

    public override (string Conv, string Norm) StemNames(int layer, bool isDeep) => isDeep
        ? (NetworkKeys.Invariant($"backbone.stem.{3 * layer}"), NetworkKeys.Invariant($"backbone.stem.{3 * layer + 1}"))
        : ("backbone.conv1", "backbone.bn1");

    public override Value Score(Graph graph, Value features, ResNetArchitecture network)
    {
        Value y;
        if (network.Head == SegmentationHead.PspNet)
        {
            Func<int, string> module = i => NetworkKeys.Invariant($"decode_head.psp_modules.{i}.1");
            y = graph.PyramidPooling(features, network.HeadChannels, Resize, i => ($"{module(i)}.conv", $"{module(i)}.bn"));
            y = Module(graph, y, "decode_head.bottleneck", network.HeadChannels);
        }
        else
        {
            y = Module(graph, features, "decode_head.convs.0", network.HeadChannels);
            y = Module(graph, y, "decode_head.convs.1", network.HeadChannels);
            y = Module(graph, graph.Concat(features, y), "decode_head.conv_cat", network.HeadChannels);
        }
        return Score(graph, y, "decode_head.conv_seg", network);
    }

    public override Value AuxiliaryScore(Graph graph, Value features, ResNetArchitecture network) => Score(
        graph, Module(graph, features, "auxiliary_head.convs.0", features.Channels / 4), "auxiliary_head.conv_seg", network);

    private static Value Module(Graph graph, Value x, string name, int channels) =>
        graph.ConvNormRelu(x, $"{name}.conv", $"{name}.bn", channels, kernel: 3);

    private static Value Score(Graph graph, Value x, string name, ResNetArchitecture network) =>
        graph.Conv(graph.Dropout2d(x, DropoutProbability), name, network.Classes, kernel: 1);
}
