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
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The prefix of its parameters.</param>
    /// <param name="classes">Channels of the result.</param>
    /// <param name="pools">Sides of the pooled grids; null takes the published ones.</param>
    /// <param name="fine">
    /// A finer map for the skip, N,c,h,w: its 1x1 convolution (skip) is added to what the 3x3 made, upsampled, and a second
    /// 3x3 (refine) follows, so that the result is N,classes,h,w. Null leaves the skip out, as the published networks do.
    /// </param>
    public static Value SpHead(
        this Graph graph, Value x, string name, int classes, (int Large, int Small)? pools = null, Value? fine = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        int inner = x.Channels / 2;
        Value y = graph.ConvBnRelu(x, $"{name}.trans_layer", inner, 1);
        y = graph.Mpm(y, $"{name}.strip_pool1", pools);
        y = graph.Mpm(y, $"{name}.strip_pool2", pools);
        if (fine is null)
            return graph.Score(y, $"{name}.score_layer", inner / 2, classes);
        y = graph.ConvBnRelu(y, $"{name}.score_layer", inner / 2, 3);
        Value skip = graph.ConvBn(fine, $"{name}.skip", y.Channels, 1);
        y = graph.Relu(skip + graph.UpsampleLike(y, fine));
        y = graph.ConvBnRelu(y, $"{name}.refine", y.Channels, 3);
        return graph.Conv(graph.Dropout2d(y, DropoutProbability), $"{name}.score_layer.4", classes, 1);
    }

    /// <summary>FCNHead: a 3x3 convolution to a quarter of the channels and a 1x1 convolution (conv5).</summary>
    public static Value FcnHead(this Graph graph, Value x, string name, int classes)
    {
        ArgumentNullException.ThrowIfNull(x);
        return graph.Score(x, $"{name}.conv5", x.Channels / 4, classes);
    }

    /// <summary>A 3x3 convolution (name.0, name.1), dropout, and a 1x1 convolution to the classes (name.4).</summary>
    internal static Value Score(this Graph graph, Value x, string name, int inner, int classes)
    {
        Value y = graph.Dropout2d(graph.ConvBnRelu(x, name, inner, 3), DropoutProbability);
        return graph.Conv(y, $"{name}.4", classes, 1);
    }
}
