using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The heads of SPNet: features to class logits at the features' size.</summary>
public static class Heads
{
    private const double DropoutProbability = 0.1;

    /// <summary>
    /// SPHead: a 1x1 convolution to half the channels (trans_layer), two mixed pooling modules (strip_pool1,
    /// strip_pool2), then a 3x3 and a 1x1 convolution (score_layer). N,C,H,W to N,classes,H,W; C at least 8.
    /// </summary>
    public static Value SpHead(this Graph graph, Value x, string name, int classes, (int Large, int Small)? pools = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        int inner = x.Channels / 2;
        Value y = graph.ConvBnRelu(x, $"{name}.trans_layer", inner, 1);
        y = graph.Mpm(y, $"{name}.strip_pool1", pools);
        y = graph.Mpm(y, $"{name}.strip_pool2", pools);
        return graph.Score(y, $"{name}.score_layer", inner / 2, classes);
    }

    /// <summary>FCNHead: a 3x3 convolution to a quarter of the channels and a 1x1 convolution (conv5).</summary>
    public static Value FcnHead(this Graph graph, Value x, string name, int classes)
    {
        ArgumentNullException.ThrowIfNull(x);
        return graph.Score(x, $"{name}.conv5", x.Channels / 4, classes);
    }

    private static Value Score(this Graph graph, Value x, string name, int inner, int classes)
    {
        Value y = graph.Dropout2d(graph.ConvBnRelu(x, name, inner, 3), DropoutProbability);
        return graph.Conv(y, $"{name}.4", classes, 1);
    }
}
