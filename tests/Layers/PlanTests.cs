using SpGpu.Gpu;
using SpGpu.Layers.Plans;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>What compilation merges, and that merging changes nothing but rounding.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly Device _device = Device.Open("cpu");

    public void Dispose() => _device.Dispose();

    [Fact]
    public void ABottleneckIsOneOperationAConvolution()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 8);
        Value y = graph.ConvBnRelu(x, "a", 4, 1);
        y = graph.ConvBnRelu(y, "b", 4, 3);
        graph.Output("y", graph.Relu(graph.ConvBn(y, "c", 8, 1) + x));
        Assert.Equal([Epilogue.Relu, Epilogue.Relu, Epilogue.Residual | Epilogue.Relu], Epilogues(graph, 8));
    }

    [Fact]
    public void TheSpmGateIsOneConvolution()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 4);
        (Value a, Value b) = graph.StripMeans(x);
        a = graph.ConvBn(a, "a", 4, (3, 1));
        b = graph.ConvBn(b, "b", 4, (1, 3));
        graph.Output("y", x * graph.Sigmoid(graph.Conv(graph.ExpandAddRelu(a, b), "gate", 4, 1)));
        IReadOnlyList<PlanStep> steps = Steps(graph, 4);
        Assert.Equal(4, steps.Count);
        var gate = Assert.IsType<Convolution>(steps[^1].Specification);
        Assert.True(gate.ExpandAddRelu);
        Assert.Equal(Epilogue.Sigmoid | Epilogue.Multiply, gate.Epilogue);
    }

    [Fact]
    public void ConvolutionsInGroupsAreMergedLikeOthers()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 8);
        Value y = graph.ConvBnRelu(x, "a", 8, 3, groups: 8);
        graph.Output("y", graph.Relu(graph.ConvBn(y, "b", 8, 1, groups: 2) + x));
        Assert.Equal([Epilogue.Relu, Epilogue.Residual | Epilogue.Relu], Epilogues(graph, 8));
        AssertMergingIsExact(graph, 8);
    }

    [Fact]
    public void NothingIsExpandedOnLoadInGroups()
    {
        var graph = new Graph();
        (Value a, Value b) = graph.StripMeans(graph.Input("x", 4));
        graph.Output("y", graph.Conv(graph.ExpandAddRelu(a, b), "depthwise", 4, 3, groups: 4));
        Assert.Contains(Steps(graph, 4), step => step.Specification is ExpandAdd);
        AssertMergingIsExact(graph, 4);
    }

    [Fact]
    public void AConcatOfProducedValuesCostsNothing()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 4);
        Value inner = graph.Concat(graph.Conv(x, "a", 2, 1), graph.Conv(x, "b", 3, 1));
        graph.Output("y", graph.Relu(graph.Concat(inner, graph.Conv(x, "c", 4, 1))));
        Assert.DoesNotContain(Steps(graph, 4), step => step.Specification is Concat);
        AssertMergingIsExact(graph, 4);
    }

    [Fact]
    public void AConcatOfAnInputIsCopied()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 4);
        graph.Output("y", graph.Concat(x, graph.Conv(x, "a", 2, 1), x));
        Assert.Contains(Steps(graph, 4), step => step.Specification is Concat);
        AssertMergingIsExact(graph, 4);
    }

    [Fact]
    public void WhatNoOutputNeedsIsLeftOut()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 4);
        graph.Output("y", graph.Conv(graph.Dropout2d(x, 0.1), "a", 2, 1));
        graph.Output("aux", graph.Conv(x, "b", 2, 1));
        StateDict state = GraphTests.State(graph);
        using var network = new Network(graph, state, _device, "y");
        lock (_device.Lock)
            Assert.Single(network.PlanFor(("x", new Shape(1, 4, 3, 3))).Steps);
    }

    [Fact]
    public void MergingKeepsValuesThatOthersRead()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 4);
        Value y = graph.Conv(x, "a", 4, 3, padding: 1);
        // y is read three times, z is added to itself, and the two gates share a factor.
        Value z = graph.Relu(y) + graph.Sigmoid(y);
        graph.Output("y", (z + z) * y);
        AssertMergingIsExact(graph, 4);
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        var graph = new Graph();
        Value x = graph.Input("x", 8);
        (Value a, Value b) = graph.StripMeans(x);
        graph.Output("y", graph.MaxPool(graph.StripGate(graph.ConvBnRelu(x, "c", 8, 3), a, b), 3, 2, 1));
        using var network = new Network(graph, GraphTests.State(graph), _device);
        lock (_device.Lock)
        {
            Plan plan = network.PlanFor(("x", new Shape(2, 8, 9, 7)));
            plan["x"].Memory.Clear();
            plan.Run();
            long process = GC.GetTotalAllocatedBytes(precise: true);
            long thread = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10_000; i++)
                plan.Run();
            Assert.Equal(thread, GC.GetAllocatedBytesForCurrentThread());
            // The least object a run on any thread would add up to 240,000; the test framework's own threads take a little.
            Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - process, 0, 150_000);
        }
    }

    [Fact]
    public void PlansAreCachedAndFew()
    {
        var graph = new Graph();
        graph.Output("y", graph.Relu(graph.Input("x", 1)));
        using var network = new Network(graph, new StateDict(), _device);
        lock (_device.Lock)
        {
            Plan first = network.PlanFor(("x", new Shape(1, 1, 1, 1)));
            Assert.Same(first, network.PlanFor(("x", new Shape(1, 1, 1, 1))));
            for (int i = 2; i < 6; i++)
                network.PlanFor(("x", new Shape(1, 1, i, i)));
            Assert.NotSame(first, network.PlanFor(("x", new Shape(1, 1, 1, 1))));
        }
    }

    [Fact]
    public void SeveralThreadsGetTheirOwnResults()
    {
        var graph = new Graph();
        graph.Output("y", graph.Conv(graph.Input("x", 1), "a", 1, 3, padding: 1));
        using var network = new Network(graph, GraphTests.State(graph), _device);
        float[] Run(int i) => network.Run(("x", Ramp(i, 1, 1, 5 + i % 7, 9)))["y"].Floats;
        float[][] expected = [.. Enumerable.Range(0, 20).Select(Run)];
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => Assert.Equal(expected[i % 20], Run(i % 20)));
    }

    [Fact]
    public void ADisposedNetworkSaysSo()
    {
        var graph = new Graph();
        graph.Output("y", graph.Relu(graph.Input("x", 1)));
        var network = new Network(graph, new StateDict(), _device);
        network.Dispose();
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Run(("x", Ramp(1, 1, 1, 2, 2))));
    }

    /// <summary>Merged and unmerged (every intermediate an output, so that nothing may be merged) agree.</summary>
    private void AssertMergingIsExact(Graph graph, int channels)
    {
        StateDict state = GraphTests.State(graph);
        HostTensor input = Ramp(3, 2, channels, 7, 5);
        using var merged = new Network(graph, state, _device);
        float[] expected = Interpreter.Run(graph, state, input);
        float[] actual = merged.Run(("x", input))["y"].Floats;
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(Math.Abs(expected[i] - actual[i]), 0, 1e-5);
    }

    private Epilogue[] Epilogues(Graph graph, int channels) =>
        [.. Steps(graph, channels).Select(step => Assert.IsType<Convolution>(step.Specification).Epilogue)];

    private IReadOnlyList<PlanStep> Steps(Graph graph, int channels)
    {
        using var network = new Network(graph, GraphTests.State(graph), _device);
        lock (_device.Lock)
            return network.PlanFor(("x", new Shape(1, channels, 9, 9))).Steps;
    }

    private static HostTensor Ramp(int seed, params int[] shape) =>
        new([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => MathF.Sin(i * 0.7f + seed))], shape);
}
