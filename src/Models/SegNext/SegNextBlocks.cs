using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>What a SegNeXt is made of.</summary>
internal static class SegNextBlocks
{
    /// <summary>Bases of the hamburger, and steps that improve them at inference.</summary>
    private const int Rank = 16, Steps = 7;

    /// <summary>Lengths of the strips that attention looks along.</summary>
    private static readonly int[] _strips = [7, 11, 21];

    /// <summary>Attention and two 1x1 convolutions with a depthwise one between, each scaled and added to the input.</summary>
    public static Value AttentionBlock(this Graph graph, Value x, string name, int ratio)
    {
        Value attended = graph.SpatialAttention(graph.BatchNorm(x, $"{name}.norm1"), $"{name}.attn");
        x += graph.LayerScale(attended, $"{name}.layer_scale_1");
        Value y = graph.Conv(graph.BatchNorm(x, $"{name}.norm2"), $"{name}.mlp.fc1", ratio * x.Channels, 1);
        y = graph.Gelu(graph.Conv(y, $"{name}.mlp.dwconv", y.Channels, 3, padding: 1, groups: y.Channels));
        return x + graph.LayerScale(graph.Conv(y, $"{name}.mlp.fc2", x.Channels, 1), $"{name}.layer_scale_2");
    }

    /// <summary>The features times what strip convolutions of three lengths make of them.</summary>
    private static Value SpatialAttention(this Graph graph, Value x, string name)
    {
        Value u = graph.Gelu(graph.Conv(x, $"{name}.proj_1", x.Channels, 1));
        string gate = $"{name}.spatial_gating_unit";
        Value t = graph.Depthwise(u, $"{gate}.conv0", (5, 5));
        Value sum = t;
        for (int j = 0; j < _strips.Length; j++)
        {
            Value along = graph.Depthwise(t, NetworkKeys.Invariant($"{gate}.conv{j}_1"), (1, _strips[j]));
            sum += graph.Depthwise(along, NetworkKeys.Invariant($"{gate}.conv{j}_2"), (_strips[j], 1));
        }
        Value gated = graph.Conv(sum, $"{gate}.conv3", x.Channels, 1) * u;
        return graph.Conv(gated, $"{name}.proj_2", x.Channels, 1) + x;
    }

    /// <summary>A 1x1 convolution without bias and its group norm.</summary>
    public static Value ConvGroupNorm(this Graph graph, Value x, string name, int channels, SegNextArchitecture network) =>
        graph.GroupNorm(graph.Conv(x, $"{name}.conv", channels, 1, bias: false), $"{name}.gn", network.NormGroups);

    /// <summary>The hamburger (Geng et al., ICLR 2021): x and what a matrix decomposition finds between two convolutions.</summary>
    public static Value Hamburger(this Graph graph, Value x, string name, SegNextArchitecture network)
    {
        Value y = graph.Relu(graph.Conv(x, $"{name}.ham_in.conv", network.HamChannels, 1));
        y = graph.MatrixDecomposition(y, $"{name}.ham", Rank, Steps);
        return graph.Relu(x + graph.ConvGroupNorm(y, $"{name}.ham_out", x.Channels, network));
    }

    private static Value Depthwise(this Graph graph, Value x, string name, Size2D kernel) =>
        graph.Conv(x, name, x.Channels, kernel, padding: (kernel.Height / 2, kernel.Width / 2), groups: x.Channels);
}
