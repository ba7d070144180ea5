using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// The backbone: a ResNet of bottlenecks with a deep stem, output stride 8, dilated third and fourth stage with
/// multi-grid, and strip pooling modules in some blocks. The stride sits on the 3x3 convolution.
/// </summary>
public static class ResNet
{
    /// <summary>Adds the backbone to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="image">N,3,H,W, normalised.</param>
    /// <param name="name">The prefix of conv1, bn1 and layer1 to layer4; the official network's is "pretrained".</param>
    /// <param name="architecture">Widths, depths, placement.</param>
    /// <returns>The outputs of the four stages, at strides 4, 8, 8 and 8.</returns>
    public static IReadOnlyList<Value> Backbone(this Graph graph, Value image, string name, SpNetArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(architecture);
        Value x = graph.ConvNormRelu(image, $"{name}.conv1.0", $"{name}.conv1.1", architecture.Stem[0], 3, stride: 2);
        x = graph.ConvNormRelu(x, $"{name}.conv1.3", $"{name}.conv1.4", architecture.Stem[1], 3);
        x = graph.ConvNormRelu(x, $"{name}.conv1.6", $"{name}.bn1", architecture.Stem[2], 3);
        x = graph.MaxPool(x, kernel: 3, stride: 2, padding: 1);
        var stages = new List<Value>();
        for (int stage = 0; stage < architecture.Blocks.Count; stage++)
        {
            for (int block = 0; block < architecture.Blocks[stage]; block++)
            {
                int stride = stage == 1 && block == 0 ? 2 : 1;
                x = graph.Bottleneck(
                    x, $"{name}.layer{stage + 1}.{block}", architecture.Planes[stage],
                    stride,
                    dilation: SpNetArchitecture.Dilation(stage, block),
                    downsample: stride != 1 || x.Channels != architecture.Planes[stage] * SpNetArchitecture.Expansion,
                    spm: architecture.SpmBlocks.Contains((stage, block)),
                    spmStripBias: architecture.SpmStripBias);
            }
            stages.Add(x);
        }
        return stages;
    }

    /// <summary>
    /// A bottleneck: 1x1, 3x3 and 1x1 convolutions (conv1 to conv3, bn1 to bn3) with a residual; the 3x3's result may
    /// be gated by a strip pooling module (spm); the residual may pass a strided 1x1 convolution (downsample).
    /// </summary>
    public static Value Bottleneck(
        this Graph graph, Value x, string name, int planes, int stride, Size2D dilation,
        bool downsample, bool spm, bool spmStripBias = false)
    {
        Value y = graph.ConvNormRelu(x, $"{name}.conv1", $"{name}.bn1", planes, 1);
        y = graph.ConvNormRelu(y, $"{name}.conv2", $"{name}.bn2", planes, 3, stride, dilation);
        if (spm)
            y *= graph.Spm(y, $"{name}.spm", stripBias: spmStripBias);
        int channels = planes * SpNetArchitecture.Expansion;
        y = graph.BatchNorm(graph.Conv(y, $"{name}.conv3", channels, 1, bias: false), $"{name}.bn3");
        if (downsample)
            x = graph.BatchNorm(graph.Conv(x, $"{name}.downsample.0", channels, 1, stride, bias: false), $"{name}.downsample.1");
        return graph.Relu(y + x);
    }

    /// <summary>
    /// A basic block: two 3x3 convolutions (conv1 and conv2, bn1 and bn2), of which the first has the stride and the dilation, with
    /// a residual that may pass a strided 1x1 convolution (downsample).
    /// </summary>
    internal static Value BasicBlock(
        this Graph graph, Value x, string name, int planes, int stride, Size2D dilation, bool downsample)
    {
        Value y = graph.ConvNormRelu(x, $"{name}.conv1", $"{name}.bn1", planes, 3, stride, dilation);
        y = graph.BatchNorm(graph.Conv(y, $"{name}.conv2", planes, 3, padding: 1, bias: false), $"{name}.bn2");
        if (downsample)
            x = graph.BatchNorm(graph.Conv(x, $"{name}.downsample.0", planes, 1, stride, bias: false), $"{name}.downsample.1");
        return graph.Relu(y + x);
    }

    /// <summary>
    /// A convolution without bias, its batch norm and relu, each of the first two under a name of its own; stride 1 keeps the size.
    /// </summary>
    internal static Value ConvNormRelu(
        this Graph graph, Value x, string conv, string norm, int channels, int kernel, int stride = 1, Size2D? dilation = null)
    {
        Size2D d = dilation ?? 1;
        var padding = new Size2D(d.Height * (kernel - 1) / 2, d.Width * (kernel - 1) / 2);
        return graph.Relu(graph.BatchNorm(graph.Conv(x, conv, channels, kernel, stride, padding, d, bias: false), norm));
    }
}
