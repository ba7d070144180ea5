using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The graph of a DDRNet.</summary>
internal static class DdrNetGraph
{
    /// <summary>
    /// Outputs: <c>stem</c>, <c>context1</c> and <c>context2</c> (after the exchanges, at strides 16 and 32) and those that
    /// every network has.
    /// </summary>
    public static Graph Build(DdrNetArchitecture network)
    {
        var graph = new Graph();
        Value image = graph.Input("image", channels: 3);
        int width = network.Channels;
        Value x = graph.Stem(image, width);
        graph.Output("stem", x);

        Value context = graph.DdrStage(x, Context(0), 4 * width, stride: 2);
        Value detail = graph.DdrStage(x, Detail(0), 2 * width, stride: 1);
        Value down = graph.DdrConv(graph.Relu(detail), "backbone.down_1", 4 * width, 3, stride: 2);
        detail = graph.Enrich(detail, context, "backbone.compression_1");
        context += down;
        graph.Output("context1", context);
        if (network.Auxiliary)
            graph.Output("aux", graph.DdrHead(detail, "decode_head.aux_head", "decode_head.aux_cls_seg", network));

        context = graph.DdrStage(graph.Relu(context), Context(1), 8 * width, stride: 2);
        detail = graph.DdrStage(graph.Relu(detail), Detail(1), 2 * width, stride: 1);
        down = graph.Relu(graph.DdrConv(graph.Relu(detail), "backbone.down_2.0", 4 * width, 3, stride: 2));
        down = graph.DdrConv(down, "backbone.down_2.1", 8 * width, 3, stride: 2);
        detail = graph.Enrich(detail, context, "backbone.compression_2");
        context += down;
        graph.Output("context2", context);

        detail = graph.DdrBottleneck(graph.Relu(detail), $"{Detail(2)}.0", 2 * width, stride: 1);
        context = graph.DdrBottleneck(graph.Relu(context), $"{Context(2)}.0", 8 * width, stride: 2);
        context = graph.Dappm(context, "backbone.spp", network.PyramidChannels, detail.Channels);
        Value joined = detail + graph.UpsampleLike(context, detail, ResizeRule.HalfPixel);
        Value score = graph.DdrHead(joined, "decode_head.head", "decode_head.conv_seg", network);
        graph.Output("score", score);
        graph.Output("logits", graph.UpsampleLike(score, image, ResizeRule.HalfPixel));
        return graph;
    }

    /// <summary>Two strided convolutions and two stages: stride 8.</summary>
    private static Value Stem(this Graph graph, Value x, int width)
    {
        x = graph.Relu(graph.DdrConv(x, "backbone.stem.0", width, 3, stride: 2));
        x = graph.Relu(graph.DdrConv(x, "backbone.stem.1", width, 3, stride: 2));
        x = graph.Relu(graph.DdrStage(x, "backbone.stem.2", width, stride: 1));
        return graph.Relu(graph.DdrStage(x, "backbone.stem.4", 2 * width, stride: 2));
    }

    /// <summary>Adds what the branch for context knows, compressed and resized, to that for detail.</summary>
    private static Value Enrich(this Graph graph, Value detail, Value context, string name)
    {
        Value compressed = graph.DdrConv(graph.Relu(context), name, detail.Channels, 1);
        return detail + graph.UpsampleLike(compressed, detail, ResizeRule.HalfPixel);
    }

    private static string Context(int stage) => NetworkKeys.Invariant($"backbone.context_branch_layers.{stage}");

    private static string Detail(int stage) => NetworkKeys.Invariant($"backbone.spatial_branch_layers.{stage}");

    /// <summary>Batch norm, relu, a 3x3 convolution, its batch norm and relu, and a 1x1 convolution to the classes.</summary>
    private static Value DdrHead(this Graph graph, Value x, string name, string score, DdrNetArchitecture network)
    {
        x = graph.NormReluConv(x, $"{name}.0", network.HeadChannels, 3);
        return graph.Conv(graph.Relu(graph.BatchNorm(x, $"{name}.1")), score, network.Classes, 1);
    }
}
