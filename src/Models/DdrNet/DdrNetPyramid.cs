using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// DDRNet's pyramid of means (deep aggregation pyramid pooling): the input itself, means of three windows, and of the whole
/// plane; each scale is resized to the input's plane and added to the one before through a convolution.
/// </summary>
internal static class DdrNetPyramid
{
    /// <summary>N,C,H,W to N,channels,H,W.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The prefix of scales, processes, compression and shortcut.</param>
    /// <param name="inner">Channels of a scale.</param>
    /// <param name="channels">Channels of the result.</param>
    public static Value Dappm(this Graph graph, Value x, string name, int inner, int channels)
    {
        Value[] pooled =
        [
            graph.AveragePool(x, kernel: 5, stride: 2, padding: 2), graph.AveragePool(x, kernel: 9, stride: 4, padding: 4),
            graph.AveragePool(x, kernel: 17, stride: 8, padding: 8), graph.AdaptiveAveragePool(x, 1),
        ];
        var scales = new List<Value> { graph.NormReluConv(x, $"{name}.scales.0", inner, 1) };
        for (int i = 0; i < pooled.Length; i++)
        {
            Value scale = graph.NormReluConv(pooled[i], NetworkKeys.Invariant($"{name}.scales.{i + 1}.1"), inner, 1);
            Value sum = graph.UpsampleLike(scale, x, ResizeRule.HalfPixel) + scales[^1];
            scales.Add(graph.NormReluConv(sum, NetworkKeys.Invariant($"{name}.processes.{i}"), inner, 3));
        }
        Value joined = graph.Concat([.. scales]);
        return graph.NormReluConv(joined, $"{name}.compression", channels, 1) + graph.NormReluConv(x, $"{name}.shortcut", channels, 1);
    }
}
