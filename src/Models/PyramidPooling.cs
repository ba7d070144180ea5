using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The pyramid pooling module of PSPNet (Zhao et al., CVPR 2017), for comparison; SPNet does not use it.</summary>
public static class PyramidPoolingLayer
{
    /// <summary>
    /// Joins x with four grids of 1, 2, 3 and 6 bins, each reduced to C / 4 channels (name.conv1 to name.conv4) and
    /// upsampled: N,C,H,W to N,C + 4 * (C / 4),H,W.
    /// </summary>
    public static Value PyramidPooling(this Graph graph, Value x, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        var parts = new List<Value> { x };
        int[] bins = [1, 2, 3, 6];
        for (int i = 0; i < bins.Length; i++)
        {
            Value level = graph.ConvBnRelu(graph.AdaptiveAveragePool(x, bins[i]), $"{name}.conv{i + 1}", x.Channels / 4, 1);
            parts.Add(graph.UpsampleLike(level, x));
        }
        return graph.Concat([.. parts]);
    }
}
