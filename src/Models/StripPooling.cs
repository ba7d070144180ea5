using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// The two modules of strip pooling (Hou et al., "Strip Pooling: Rethinking Spatial Pooling for Scene Parsing",
/// CVPR 2020) as layers for any network. Parameter names are those of the official modules.
/// </summary>
public static class StripPooling
{
    /// <summary>
    /// The strip pooling module (SPM): a gate of x's size,
    /// <c>sigmoid(conv3(relu(expand(bn1(conv1(mean over W))) + expand(bn2(conv2(mean over H))))))</c> with conv1 3x1,
    /// conv2 1x3 and conv3 1x1 with bias. The caller multiplies: <c>x * graph.Spm(x, "spm")</c>.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The prefix of conv1, bn1, conv2, bn2 and conv3.</param>
    /// <param name="channels">Channels of the gate; 0 takes those of x.</param>
    /// <param name="stripBias">Whether conv1 and conv2 have a bias, as checkpoints from before June 2020 do.</param>
    /// <returns>N,channels,H,W, each element in (0, 1).</returns>
    public static Value Spm(this Graph graph, Value x, string name, int channels = 0, bool stripBias = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        channels = channels == 0 ? x.Channels : channels;
        (Value column, Value row) = graph.StripMeans(x);
        column = graph.BatchNorm(graph.Conv(column, $"{name}.conv1", channels, (3, 1), padding: new Size2D(1, 0), bias: stripBias),
            $"{name}.bn1");
        row =
            graph.BatchNorm(graph.Conv(row, $"{name}.conv2", channels, (1, 3), padding: new Size2D(0, 1), bias: stripBias), $"{name}.bn2");
        return graph.Sigmoid(graph.Conv(graph.ExpandAddRelu(column, row), $"{name}.conv3", channels, kernel: 1));
    }

    /// <summary>
    /// The mixed pooling module (MPM): a pyramid half (two pooled grids, upsampled and added to a 3x3 convolution) and
    /// a strip half (two pooled strips, expanded and added), joined by a 1x1 convolution with a residual.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W, C at least 4.</param>
    /// <param name="name">The prefix of conv1_1, conv1_2, conv2_0 to conv2_6 and conv3.</param>
    /// <param name="pools">Sides of the two pooled grids; the official network has 20 and 12.</param>
    /// <returns>N,C,H,W.</returns>
    /// <exception cref="ShapeException">C is less than 4.</exception>
    public static Value Mpm(this Graph graph, Value x, string name, (int Large, int Small)? pools = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        (int large, int small) = pools ?? (20, 12);
        int middle = x.Channels / 4;
        if (middle == 0)
            throw new ShapeException($"layer '{name}': a mixed pooling module needs at least 4 channels, {x.Channels} given");

        Value x1 = graph.ConvBnRelu(x, $"{name}.conv1_1", middle, 1);
        Value s0 = graph.ConvBn(x1, $"{name}.conv2_0", middle, 3);
        Value s1 = graph.ConvBn(graph.AdaptiveAveragePool(x1, large), $"{name}.conv2_1", middle, 3);
        Value s2 = graph.ConvBn(graph.AdaptiveAveragePool(x1, small), $"{name}.conv2_2", middle, 3);
        Value pyramid = graph.ConvBnRelu(graph.UpsampleAddRelu(s0, s1, s2), $"{name}.conv2_5", middle, 3);

        Value x2 = graph.ConvBnRelu(x, $"{name}.conv1_2", middle, 1);
        (Value column, Value row) = graph.StripMeans(x2);
        row = graph.ConvBn(row, $"{name}.conv2_3", middle, (1, 3));
        column = graph.ConvBn(column, $"{name}.conv2_4", middle, (3, 1));
        Value strips = graph.ConvBnRelu(graph.ExpandAddRelu(column, row), $"{name}.conv2_6", middle, 3);

        return graph.Relu(graph.ConvBn(graph.Concat(pyramid, strips), $"{name}.conv3", x.Channels, 1) + x);
    }
}
