using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The graph of an SPNet. Parameter names are those of the official network.</summary>
public static class SpNetGraph
{
    /// <summary>
    /// Declares the network. Input: <c>image</c> (N,3,H,W, normalised). Outputs: <c>c1</c> to <c>c4</c> (the stages of
    /// the backbone), <c>score</c> (logits at a stride of 8, of 4 with a skip), <c>logits</c> (those upsampled to H,W) and, with an
    /// auxiliary head, <c>aux</c> (its logits at a stride of 8).
    /// </summary>
    /// <exception cref="ConfigurationException">The architecture is not one that can be built.</exception>
    public static Graph Build(SpNetArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        architecture.Checked();
        var graph = new Graph();
        Value image = graph.Input("image", channels: 3);
        IReadOnlyList<Value> stages = graph.Backbone(image, "pretrained", architecture);
        for (int i = 0; i < stages.Count; i++)
            graph.Output($"c{i + 1}", stages[i]);
        Value score = graph.SpHead(stages[3], "head", architecture.Classes, architecture.Pools, architecture.Skip ? stages[0] : null);
        graph.Output("score", score);
        graph.Output("logits", graph.UpsampleLike(score, image));
        if (architecture.Auxiliary)
            graph.Output("aux", graph.FcnHead(stages[2], "auxlayer", architecture.Classes));
        return graph;
    }
}
