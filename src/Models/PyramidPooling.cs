using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The pyramid pooling module of PSPNet (Zhao et al., CVPR 2017).</summary>
public static class PyramidPoolingLayer
{
    /// <summary>
    /// Joins x with four grids of 1, 2, 3 and 6 bins, each reduced to C / 4 channels (name.conv1 to name.conv4) and
    /// upsampled: N,C,H,W to N,C + 4 * (C / 4),H,W.
    /// </summary>
    public static Value PyramidPooling(this Graph graph, Value x, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        return graph.PyramidPooling(x, x.Channels / 4, ResizeRule.CornerAligned,
            i => (NetworkKeys.Invariant($"{name}.conv{i + 1}.0"), NetworkKeys.Invariant($"{name}.conv{i + 1}.1")));
    }

    /// <summary>The same with grids of any number of channels and any names: those of a grid's convolution and batch norm.</summary>
    internal static Value PyramidPooling(
        this Graph graph, Value x, int channels, ResizeRule resize, Func<int, (string Conv, string Norm)> names)
    {
        var parts = new List<Value> { x };
        int[] bins = [1, 2, 3, 6];
        for (int i = 0; i < bins.Length; i++)
        {
            (string convolution, string norm) = names(i);
            Value level = graph.ConvNormRelu(graph.AdaptiveAveragePool(x, bins[i]), convolution, norm, channels, kernel: 1);
            parts.Add(graph.UpsampleLike(level, x, resize));
        }
        return graph.Concat([.. parts]);
    }
}
