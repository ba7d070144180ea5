using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Onnx.Tests;

/// <summary>What cannot be exported, and that the message says why.</summary>
public class ExportErrorTests
{
    private static readonly (string, HostTensor)[] _x = [("x", Networks.Input(1, 3, 4, 4))];

    [Fact]
    public void AnOperatorOfTrainingIsNamed()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 3);
        graph.Output("y", graph.Apply(new Pointwise(PointwiseKind.ReluGradient), "odd", x, x));
        Fails<ConfigurationException>(graph, "layer 'odd'", "relu gradient");
    }

    [Fact]
    public void AParameterIsMissingOrMisshapen()
    {
        Graph graph = OneConvolution();
        Fails<WeightsException>(graph, new StateDict(), "c.weight");
        StateDict state = Networks.State(graph);
        state["c.bias"] = new HostTensor(new float[3], 3);
        Fails<WeightsException>(graph, state, "'c.bias' has shape [3]");
    }

    [Fact]
    public void InputsAndOutputsMustBeTheGraphs()
    {
        Graph graph = OneConvolution();
        StateDict state = Networks.State(graph);
        Assert.Contains("'x' is missing", Assert.Throws<ShapeException>(() => Networks.Export(graph, state)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no input 'z'", Assert.Throws<ShapeException>(
            () => Networks.Export(graph, state, null, [.. _x, ("z", Networks.Input(1, 1, 1, 1))])).Message, StringComparison.Ordinal);
        Assert.Contains("no output 'q'", Assert.Throws<ShapeException>(
            () => Networks.Export(graph, state, new OnnxOptions { Outputs = [("q", "q")] }, _x)).Message, StringComparison.Ordinal);
        Assert.Contains("called 'x'", Assert.Throws<ShapeException>(
            () => Networks.Export(graph, state, new OnnxOptions { Outputs = [("y", "x")] }, _x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfMoreThanTwoGigabytesIsRefusedBeforeItIsWritten()
    {
        const int Channels = 4096;
        // 32 times the same 64 MB are 2^31 bytes.
        var filter = new HostTensor(new float[Channels * Channels], Channels, Channels, 1, 1);
        var graph = new Graph();
        var state = new StateDict();
        Value y = graph.Input("x", Channels, 1, 1);
        for (int i = 0; i < 32; i++)
        {
            y = graph.Conv(y, $"c{i}", Channels, 1, bias: false);
            state[$"c{i}.weight"] = filter;
        }
        graph.Output("y", y);
        using var stream = new MemoryStream();
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => graph.ExportOnnx(stream, state, [("x", new Shape(1, Channels, 1, 1))]));
        Assert.Contains("2.15 GB", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    private static Graph OneConvolution()
    {
        var graph = new Graph();
        graph.Output("y", graph.Conv(graph.Input("x", 3), "c", 2, 1));
        return graph;
    }

    private static void Fails<T>(Graph graph, params string[] texts) where T : SpGpuException =>
        Fails<T>(graph, Networks.State(graph), texts);

    private static void Fails<T>(Graph graph, StateDict state, params string[] texts) where T : SpGpuException
    {
        T error = Assert.Throws<T>(() => Networks.Export(graph, state, null, _x));
        Assert.All(texts, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }
}
