using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The graph of a dilated ResNet with a head.</summary>
internal static class ResNetGraph
{
    /// <summary>Outputs: <c>c1</c> to <c>c4</c> (stages at strides 4, 8, 8, 8) and those that every network has.</summary>
    public static Graph Build(ResNetArchitecture network)
    {
        var layout = ResNetLayout.Of(network.Layout);
        var graph = new Graph();
        Value image = graph.Input("image", channels: 3);
        Value x = graph.Stem(image, network, layout);
        var stages = new List<Value>();
        for (int stage = 0; stage < network.Blocks.Count; stage++)
        {
            for (int block = 0; block < network.Blocks[stage]; block++)
                x = graph.Block(x, network, layout, stage, block);
            stages.Add(x);
            graph.Output(NetworkKeys.Invariant($"c{stage + 1}"), x);
        }
        Value score = layout.Score(graph, x, network);
        graph.Output("score", score);
        graph.Output("logits", graph.UpsampleLike(score, image, layout.Resize));
        if (network.Auxiliary)
            graph.Output("aux", layout.AuxiliaryScore(graph, stages[2], network));
        return graph;
    }

    /// <summary>One 7x7 convolution, or three of 3x3, the first of stride 2, then the max pool.</summary>
    private static Value Stem(this Graph graph, Value x, ResNetArchitecture network, ResNetLayout layout)
    {
        bool isDeep = network.Stem.Count > 1;
        for (int i = 0; i < network.Stem.Count; i++)
        {
            (string convolution, string norm) = layout.StemNames(i, isDeep);
            x = graph.ConvNormRelu(x, convolution, norm, network.Stem[i], kernel: isDeep ? 3 : 7, stride: i == 0 ? 2 : 1);
        }
        return graph.MaxPool(x, kernel: 3, stride: 2, padding: 1);
    }

    private static Value Block(this Graph graph, Value x, ResNetArchitecture network, ResNetLayout layout, int stage, int block)
    {
        string name = NetworkKeys.Invariant($"{layout.Backbone}layer{stage + 1}.{block}");
        int planes = network.Planes[stage];
        int stride = stage == 1 && block == 0 ? 2 : 1;
        // 1, 1, 2, 4 by the stage.
        int dilation = Math.Max(1, 1 << stage >> (block == 0 && !layout.DilatesFirstBlock ? 2 : 1));
        bool downsample = stride != 1 || x.Channels != planes * network.Expansion;
        return network.Bottlenecks
            ? graph.Bottleneck(x, name, planes, stride, dilation, downsample, spm: false)
            : graph.BasicBlock(x, name, planes, stride, dilation, downsample);
    }
}
