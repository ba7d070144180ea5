using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Golden;

/// <summary>Builds the graph of each module that the reference data was made with; weights have the prefix "m".</summary>
internal static class GoldenModules
{
    public const string Prefix = "m.";

    /// <summary>The module as a graph with input "x" and output "out".</summary>
    public static Graph Graph(GoldenCase data)
    {
        var graph = new Graph();
        IReadOnlyList<int> shape = data.Input.Shape;
        Value x = graph.Input("x", shape[1], shape[2] == 1 ? 1 : 0, shape[3] == 1 ? 1 : 0);
        graph.Output("out", Build(graph, x, data));
        return graph;
    }

    private static Value Build(Graph graph, Value x, GoldenCase data) => data.Module switch
    {
        "BatchNorm2d" => graph.BatchNorm(x, "m"),
        "AdaptiveAvgPool2d" => Pool(graph, x, data),
        "interpolate" => graph.Upsample(x, Size(data.Pair("size"))),
        "Conv2d" => graph.Conv(
            x, "m", data.Number("out_channels"), Size(data.Pair("kernel_size")), Size(data.Pair("stride")),
            Size(data.Pair("padding")), Size(data.Pair("dilation")), data.Argument("bias").GetBoolean()),
        "SPBlock" => graph.Spm(x, "m", data.Number("outplanes")),
        "Bottleneck" => graph.Bottleneck(
            x, "m", data.Number("planes"), data.Number("stride"), data.Number("dilation"),
            data.Argument("downsample").GetBoolean(), data.Argument("spm_on").GetBoolean()),
        "StripPooling" => graph.Mpm(x, "m", (data.Pair("pool_size").Height!.Value, data.Pair("pool_size").Width!.Value)),
        "PyramidPooling" => graph.PyramidPooling(x, "m"),
        "SPHead" => graph.SpHead(x, "m", data.Number("out_channels")),
        "FCNHead" => graph.FcnHead(x, "m", data.Number("out_channels")),
        "MaxPool2d" => graph.MaxPool(x, data.Number("kernel_size"), data.Number("stride"), data.Number("padding")),
        "ReLU" => graph.Relu(x),
        "Sigmoid" => graph.Sigmoid(x),
        "Softmax" => graph.Softmax(x),
        _ => throw new InvalidOperationException($"no builder for {data.Module}"),
    };

    public static SpNetArchitecture Architecture(GoldenCase data)
    {
        var arch = data.Data.GetProperty("arch");
        int[] Numbers(string name) => [.. arch.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];
        int[] pools = [.. arch.GetProperty("head").GetProperty("mpm_pool_sizes").EnumerateArray().Select(number => number.GetInt32())];
        SpNetArchitecture architecture = SpNetArchitecture.Of(
            arch.GetProperty("nclass").GetInt32(), Numbers("stem_channels"), Numbers("planes"), Numbers("blocks"));
        return architecture with
        {
            Pools = (pools[0], pools[1]),
            SpmBlocks = arch.GetProperty("spm_on").GetBoolean() ? architecture.SpmBlocks : new HashSet<(int, int)>(),
        };
    }

    private static Value Pool(Graph graph, Value x, GoldenCase data) => data.Pair("output_size") switch
    {
        (1, null) => graph.StripMeans(x).OverHeight,
        (null, 1) => graph.StripMeans(x).OverWidth,
        // None keeps the axis.
        var (height, width) => graph.AdaptiveAveragePool(x, (height ?? data.Input.Shape[2], width ?? data.Input.Shape[3])),
    };

    private static Size2D Size((int? Height, int? Width) pair) => new(pair.Height!.Value, pair.Width!.Value);
}
