using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>
/// Layers that treat each image by itself: norms, their factors and offsets as a depthwise 1x1 convolution behind them, and
/// what attention and heads need beside. Values are N,C,H,W; results have the shape of x.
/// </summary>
public static class NormLayers
{
    /// <summary>Layer norm over the channels of each pixel (PyTorch's LayerNorm on N,H,W,C; eps 1e-5).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The prefix of weight and bias, C each.</param>
    public static Value LayerNorm(this Graph graph, Value x, string name) => graph.Normalized(new LayerNorm(), x, name);

    /// <summary>Group norm (PyTorch's GroupNorm, eps 1e-5).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The prefix of weight and bias, C each.</param>
    /// <param name="groups">The number of groups, a divisor of C.</param>
    public static Value GroupNorm(this Graph graph, Value x, string name, int groups) => graph.Normalized(new GroupNorm(groups), x, name);

    /// <summary>Every channel times a number of its own.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The name of the C numbers.</param>
    public static Value LayerScale(this Graph graph, Value x, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.ChannelFactors(x, name, name, bias: false);
    }

    /// <summary>
    /// What <see cref="Gpu.MatrixDecomposition"/> finds of x, which must not be below 0. Its first bases have no parameter: they
    /// are drawn from the name, so that results repeat.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The prefix of the name that bases are drawn by, <c>name.bases</c>.</param>
    /// <param name="rank">The number of bases.</param>
    /// <param name="steps">Steps that improve them.</param>
    public static Value MatrixDecomposition(this Graph graph, Value x, string name, int rank, int steps)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Apply(new MatrixDecomposition(rank, steps, Fnv1a.Of($"{name}.bases")), name, x);
    }

    private static Value Normalized(this Graph graph, Specification norm, Value x, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.ChannelFactors(graph.Apply(norm, $"{name}.norm", x), name, $"{name}.weight", bias: true);
    }
}
