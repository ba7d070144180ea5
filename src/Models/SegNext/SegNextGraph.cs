using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The graph of a SegNeXt.</summary>
internal static class SegNextGraph
{
    private const double DropoutProbability = 0.1;

    /// <summary>Outputs: <c>stage1</c> to <c>stage4</c>, and those that every network has.</summary>
    public static Graph Build(SegNextArchitecture network)
    {
        var graph = new Graph();
        Value image = graph.Input("image", channels: 3);
        Value x = image;
        var stages = new List<Value>();
        for (int stage = 1; stage <= 4; stage++)
        {
            x = stage == 1 ? graph.Stem(x, network.Widths[0]) : graph.Embed(x, stage, network.Widths[stage - 1]);
            for (int block = 0; block < network.Blocks[stage - 1]; block++)
                x = graph.AttentionBlock(x, NetworkKeys.Invariant($"backbone.block{stage}.{block}"), network.Ratios[stage - 1]);
            x = graph.LayerNorm(x, NetworkKeys.Invariant($"backbone.norm{stage}"));
            graph.Output(NetworkKeys.Invariant($"stage{stage}"), x);
            stages.Add(x);
        }
        Value score = graph.HamHead(stages[1..], network);
        graph.Output("score", score);
        graph.Output("logits", graph.UpsampleLike(score, image, ResizeRule.HalfPixel));
        return graph;
    }

    /// <summary>Two strided convolutions: stride 4.</summary>
    private static Value Stem(this Graph graph, Value x, int width)
    {
        const string Name = "backbone.patch_embed1.proj";
        x = graph.BatchNorm(graph.Conv(x, $"{Name}.0", width / 2, 3, stride: 2, padding: 1), $"{Name}.1");
        return graph.BatchNorm(graph.Conv(graph.Gelu(x), $"{Name}.3", width, 3, stride: 2, padding: 1), $"{Name}.4");
    }

    /// <summary>A strided convolution to the width of the next stage.</summary>
    private static Value Embed(this Graph graph, Value x, int stage, int width)
    {
        string name = NetworkKeys.Invariant($"backbone.patch_embed{stage}");
        return graph.BatchNorm(graph.Conv(x, $"{name}.proj", width, 3, stride: 2, padding: 1), $"{name}.norm");
    }

    /// <summary>Features of three stages at the size of the first, joined, through the hamburger: logits.</summary>
    private static Value HamHead(this Graph graph, IReadOnlyList<Value> stages, SegNextArchitecture network)
    {
        Value[] resized = [stages[0], .. stages.Skip(1).Select(stage => graph.UpsampleLike(stage, stages[0], ResizeRule.HalfPixel))];
        Value x = graph.ConvGroupNorm(graph.Concat(resized), "decode_head.squeeze", network.HeadChannels, network);
        x = graph.Hamburger(graph.Relu(x), "decode_head.hamburger", network);
        x = graph.Relu(graph.ConvGroupNorm(x, "decode_head.align", network.HeadChannels, network));
        return graph.Conv(graph.Dropout2d(x, DropoutProbability), "decode_head.conv_seg", network.Classes, 1);
    }
}
