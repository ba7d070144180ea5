using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using Xunit;

namespace SpGpu.Onnx.Tests;

/// <summary>Every layer, alone and in odd company: ONNX Runtime agrees with SpGpu.</summary>
public class OperatorTests
{
    [Theory]
    [InlineData(3, 1, 1, 1, 1, true)]
    [InlineData(3, 3, 2, 4, 2, false)]
    [InlineData(1, 5, 1, 2, 1, true)]
    [InlineData(2, 3, 3, 0, 1, false)]
    public void Convolutions(int kernelHeight, int kernelWidth, int stride, int padding, int dilation, bool bias) => Agree(
        (g, x) => g.Conv(x, "c", 5, (kernelHeight, kernelWidth), (stride, 1), (padding, 1), (1, dilation), bias));

    [Theory]
    [InlineData(3, 3)]
    [InlineData(6, 3)]
    [InlineData(9, 1)]
    public void ConvolutionsInGroups(int channels, int groups) => Agree((g, x) =>
        g.Conv(g.ConvBnRelu(x, "a", channels, 3, stride: 2, groups: groups), "b", 2 * channels, 1, groups: channels / 3));

    [Fact]
    public void ABatchNormThatIsNotFolded() => Agree((g, x) => g.BatchNorm(g.Relu(x), "norm"));

    [Fact]
    public void ABatchNormBehindAConvolutionWithABias() => Agree((g, x) => g.BatchNorm(g.Conv(x, "c", 4, 3), "norm"));

    [Fact]
    public void PointwiseFunctions() => Agree((g, x) =>
        g.Softmax(g.Sigmoid(x) * g.Apply(new Pointwise(PointwiseKind.Copy), "copy", x) + g.Dropout2d(g.Relu(x), 0.5)));

    [Fact]
    public void Gelus() => Agree((g, x) => g.Gelu(x) + g.Gelu(g.Relu(x)));

    [Fact]
    public void Norms() => Agree((g, x) => g.LayerNorm(x, "layer") + g.LayerScale(g.GroupNorm(x, "group", x.Channels), "scale"));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public void Decompositions(int rank, int steps) => Agree((g, x) => g.MatrixDecomposition(g.Relu(x), "ham", rank, steps));

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(2, 2, 0)]
    public void MaxPools(int kernel, int stride, int padding) => Agree((g, x) => g.MaxPool(x, kernel, stride, padding));

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(9, 4, 4)]
    [InlineData(17, 8, 8)]
    public void AveragePools(int kernel, int stride, int padding) => Agree((g, x) => g.AveragePool(x, kernel, stride, padding));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 13)]
    [InlineData(9, 13)]
    [InlineData(3, 4)]
    [InlineData(4, 5)]
    [InlineData(20, 12)]
    public void AdaptiveAveragePools(int height, int width) => Agree((g, x) => g.AdaptiveAveragePool(x, (height, width)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 13)]
    [InlineData(1, 40)]
    [InlineData(33, 50)]
    [InlineData(4, 7)]
    public void Interpolations(int height, int width) =>
        Agree((g, x) => g.Concat(g.Upsample(x, (height, width)), g.Upsample(x, (height, width), ResizeRule.HalfPixel)));

    [Fact]
    public void InterpolationOfASinglePixel() => Agree((g, x) => g.UpsampleLike(g.AdaptiveAveragePool(x, 1), x));

    [Fact]
    public void StripsAndGates() => Agree((g, x) =>
    {
        (Value column, Value row) = g.StripMeans(x);
        Value plain = g.Apply(new ExpandAdd(Relu: false), "expand", column, row);
        return g.StripGate(x, column, row) + g.ExpandAddRelu(column, row) * plain;
    });

    [Fact]
    public void OneStripMean() => Agree((g, x) => g.Concat(
        g.Upsample(g.Apply(new StripMeans(OverHeight: false), "w", x), (4, 4)),
        g.Upsample(g.Apply(new StripMeans(OverWidth: false), "h", x), (4, 4))));

    [Fact]
    public void MergesWithAndWithoutInterpolation() =>
        Agree((g, x) => g.UpsampleAddRelu(x, g.AdaptiveAveragePool(x, (2, 3)), g.Conv(x, "c", 3, 1)));

    [Fact]
    public void ModulesInANetworkOfOnesOwn() => Agree((g, x) =>
    {
        Value y = g.ConvBnRelu(x, "stem", 8, 3);
        y *= g.Spm(y, "spm");
        return g.PyramidPooling(g.Mpm(y, "mpm", (4, 3)), "psp");
    });

    [Fact]
    public void ValuesWithSeveralNames()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 3);
        Value y = graph.Relu(x);
        graph.Output("same as the input", x);
        graph.Output("y", y);
        graph.Output("y too", y);
        // Two layers of one name, and one that is called as an output is.
        graph.Output("z", graph.Conv(graph.Relu(x) + graph.Apply(new Pointwise(PointwiseKind.Sigmoid), "y", x), "z", 2, 1)
            + graph.Conv(y, "v", 2, 1));
        Networks.Agree(graph, ("x", Networks.Input(2, 3, 5, 4)));
    }

    [Fact]
    public void AnInputOfWhichOnlyTheSizeCounts()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 3);
        graph.Output("y", graph.UpsampleLike(graph.Sigmoid(x), graph.Input("frame", 1)));
        Networks.Agree(graph, ("x", Networks.Input(1, 3, 5, 4)), ("frame", Networks.Input(1, 1, 8, 9)));
    }

    private static void Agree(Func<Graph, Value, Value> layers)
    {
        var graph = new Graph();
        graph.Output("y", layers(graph, graph.Input("x", 3)));
        Networks.Agree(graph, ("x", Networks.Input(2, 3, 9, 13)));
    }
}
