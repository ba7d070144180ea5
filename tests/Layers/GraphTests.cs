using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>What a graph checks while it is built and when sizes are bound.</summary>
public sealed class GraphTests
{
    [Fact]
    public void AValueKnowsItsChannels()
    {
        var graph = new Graph();
        Value x = graph.Input("image", 3);
        Value y = graph.ConvBnRelu(x, "stem", 64, kernel: 3, stride: 2);
        Assert.Equal(3, x.Channels);
        Assert.Equal(64, y.Channels);
        Assert.Equal(128, graph.Concat(y, y).Channels);
    }

    [Fact]
    public void ParametersHavePyTorchNamesAndShapes()
    {
        var graph = new Graph();
        graph.ConvBn(graph.Input("x", 3), "stem", 8, (3, 1));
        Assert.Equal(
            ["stem.0.weight [8, 3, 3, 1]", "stem.1.weight [8]", "stem.1.bias [8]", "stem.1.running_mean [8]", "stem.1.running_var [8]",
                "stem.1.num_batches_tracked []"],
            graph.Parameters.Select(p => $"{p.Name} {HostTensor.Describe(p.Shape)}"));
    }

    [Fact]
    public void AShapeErrorNamesTheLayer()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 4);
        graph.Conv(x, "first", 8, 1);
        ShapeException error = Assert.Throws<ShapeException>(() => graph.StripGate(x, x, x));
        Assert.Contains("layer 'x.gate'", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ShapeException>(() => graph.Conv(x, "zero", 0, 1));
        Assert.Contains("layer 'zero'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesThatOnlyShowWhenBoundNameTheLayerToo()
    {
        var graph = new Graph();
        graph.Output("y", graph.Conv(graph.Input("x", 1), "wide", 1, 7));
        using var device = Device.Open("cpu");
        using var network = new Network(graph, State(graph), device);
        ShapeException error = Assert.Throws<ShapeException>(() => network.Run(("x", new HostTensor(new float[36], 1, 1, 6, 6))));
        Assert.Contains("layer 'wide'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SlipsAreErrors()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 4);
        graph.Conv(x, "a", 4, 1);
        graph.Output("y", x);
        Assert.Throws<ShapeException>(() => graph.Input("x", 4));
        Assert.Throws<ShapeException>(() => graph.Output("y", x));
        Assert.Throws<ShapeException>(() => graph.Conv(x, "a", 4, 1));
        Assert.Throws<ShapeException>(() => graph.Input("no channels", 0));
        Assert.Throws<ShapeException>(() => graph.Relu(new Graph().Input("x", 4)));
        Assert.Throws<ShapeException>(() => graph.Dropout2d(x, 1));
        Assert.Throws<ShapeException>(() => graph.Concat());
    }

    [Fact]
    public void MissingAndMisShapedParametersAreNamed()
    {
        var graph = new Graph();
        graph.Output("y", graph.ConvBn(graph.Input("x", 2), "layer", 3, 1));
        using var device = Device.Open("cpu");
        WeightsException error = Assert.Throws<WeightsException>(() => new Network(graph, new StateDict(), device));
        Assert.Contains("'layer.0.weight'", error.Message, StringComparison.Ordinal);
        StateDict state = State(graph);
        state["layer.1.bias"] = new HostTensor(new float[4], 4);
        error = Assert.Throws<WeightsException>(() => new Network(graph, state, device));
        Assert.Contains("'layer.1.bias' has shape [4], [3] is needed", error.Message, StringComparison.Ordinal);
        state["layer.1.bias"] = new HostTensor(new long[3], 3);
        Assert.Throws<WeightsException>(() => new Network(graph, state, device));
    }

    [Fact]
    public void InputsAndOutputsAreCheckedByName()
    {
        var graph = new Graph();
        graph.Output("y", graph.Relu(graph.Input("x", 2)));
        using var device = Device.Open("cpu");
        Assert.Throws<ShapeException>(() => new Network(graph, new StateDict(), device, "z"));
        using var network = new Network(graph, new StateDict(), device);
        var good = new HostTensor(new float[8], 1, 2, 2, 2);
        Assert.Contains("'x' is missing", Assert.Throws<ShapeException>(() => network.Run()).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => network.Run(("image", good)));
        Assert.Throws<ShapeException>(() => network.Run(("x", new HostTensor(new float[8], 8))));
        Assert.Throws<ShapeException>(() => network.Run(("x", new HostTensor(new float[8], 1, 8, 1, 1))));
        Assert.Throws<ShapeException>(() => network.Run(("x", new HostTensor(Array.Empty<float>(), 0, 2, 1, 1))));
    }

    /// <summary>Parameters with values that differ from element to element.</summary>
    internal static StateDict State(Graph graph)
    {
        var random = new Random(1);
        var state = new StateDict();
        foreach (ParameterInfo parameter in graph.Parameters)
        {
            int count = parameter.Shape.Aggregate(1, (product, extent) => product * extent);
            float[] values = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
            if (parameter.Name.EndsWith("running_var", StringComparison.Ordinal))
                values = [.. values.Select(value => value + 1)];
            state[parameter.Name] = parameter.IsInteger ? new HostTensor(new long[1]) : new HostTensor(values, parameter.Shape);
        }
        return state;
    }
}
