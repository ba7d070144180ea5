using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The atrous spatial pyramid of DeepLabV3 (Chen et al., 2017, arXiv 1706.05587).</summary>
internal static class AtrousPyramidLayer
{
    private const double DropoutProbability = 0.5;

    /// <summary>
    /// A 1x1 convolution (convs.0), three 3x3 ones with dilations 12, 24, 36 (convs.1 to convs.3) and the mean of the plane through a
    /// 1x1 one (convs.4), joined and projected by a 1x1 one (project), each with batch norm and relu: N,C,H,W to N,channels,H,W.
    /// </summary>
    public static Value AtrousPyramid(this Graph graph, Value x, string name, int channels, ResizeRule resize)
    {
        var parts = new List<Value> { graph.ConvBnRelu(x, $"{name}.convs.0", channels, kernel: 1) };
        for (int i = 1; i <= 3; i++)
            parts.Add(graph.ConvBnRelu(x, NetworkKeys.Invariant($"{name}.convs.{i}"), channels, kernel: 3, dilation: 12 * i));
        Value mean = graph.ConvNormRelu(graph.AdaptiveAveragePool(x, 1), $"{name}.convs.4.1", $"{name}.convs.4.2", channels, kernel: 1);
        parts.Add(graph.UpsampleLike(mean, x, resize));
        return graph.Dropout2d(graph.ConvBnRelu(graph.Concat([.. parts]), $"{name}.project", channels, kernel: 1), DropoutProbability);
    }
}
