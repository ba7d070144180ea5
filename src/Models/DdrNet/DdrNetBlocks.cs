using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>What the branches of a DDRNet are made of. A convolution called x is x.conv, its batch norm x.bn; none has a bias.</summary>
internal static class DdrNetBlocks
{
    /// <summary>A convolution that keeps the size at stride 1, and its batch norm.</summary>
    public static Value DdrConv(this Graph graph, Value x, string name, int channels, int kernel, int stride = 1) =>
        graph.BatchNorm(graph.Conv(x, $"{name}.conv", channels, kernel, stride, kernel / 2, bias: false), $"{name}.bn");

    /// <summary>Batch norm (of the input's channels), relu, and then the convolution.</summary>
    public static Value NormReluConv(this Graph graph, Value x, string name, int channels, int kernel) =>
        graph.Conv(graph.Relu(graph.BatchNorm(x, $"{name}.bn")), $"{name}.conv", channels, kernel, padding: kernel / 2, bias: false);

    /// <summary>Two basic blocks, relu between them but not behind.</summary>
    public static Value DdrStage(this Graph graph, Value x, string name, int channels, int stride)
    {
        x = graph.Relu(graph.DdrBasicBlock(x, $"{name}.0", channels, stride));
        return graph.DdrBasicBlock(x, $"{name}.1", channels, stride: 1);
    }

    /// <summary>Two 3x3 convolutions and the residual, no relu behind.</summary>
    private static Value DdrBasicBlock(this Graph graph, Value x, string name, int channels, int stride)
    {
        Value y = graph.Relu(graph.DdrConv(x, $"{name}.conv1", channels, 3, stride));
        y = graph.DdrConv(y, $"{name}.conv2", channels, 3);
        return y + graph.Residual(x, name, channels, stride);
    }

    /// <summary>1x1, 3x3 and 1x1 convolutions, the last to twice the channels, and the residual, no relu behind.</summary>
    public static Value DdrBottleneck(this Graph graph, Value x, string name, int channels, int stride)
    {
        Value y = graph.Relu(graph.DdrConv(x, $"{name}.conv1", channels, 1));
        y = graph.Relu(graph.DdrConv(y, $"{name}.conv2", channels, 3, stride));
        y = graph.DdrConv(y, $"{name}.conv3", 2 * channels, 1);
        return y + graph.Residual(x, name, 2 * channels, stride);
    }

    /// <summary>The input, through a strided 1x1 convolution where the block changes size or channels.</summary>
    private static Value Residual(this Graph graph, Value x, string name, int channels, int stride) =>
        stride == 1 && x.Channels == channels ? x : graph.ConvBn(x, $"{name}.downsample", channels, 1, stride);
}
