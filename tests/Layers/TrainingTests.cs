using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>What a training network promises beyond the reference data.</summary>
public sealed class TrainingTests : IDisposable
{
    internal const int Classes = 3;
    private static readonly Shape _images = new(2, 3, 17, 13);
    private readonly Device _device = Device.Open("cpu");

    public void Dispose() => _device.Dispose();

    [Fact]
    public void GradientsAreTheSlopeOfTheLoss()
    {
        Graph graph = Network();
        StateDict state = Values(graph, seed: 1);
        using TrainingNetwork network = Train(graph, state, new() { Losses = [new("logits", 1), new("aux", 0.4)] });
        Accumulate(network);
        StateDict gradients = network.Gradients();
        var random = new Random(5);
        foreach (string name in gradients.Names)
        {
            // Along a random direction, a little to either side.
            const float step = 1e-3f;
            float[] direction = [.. gradients[name].Floats.Select(_ => random.NextSingle() - 0.5f)];
            double slope =
                (LossAt(graph, Moved(state, name, direction, step)) - LossAt(graph, Moved(state, name, direction, -step))) / (2 * step);
            double expected = gradients[name].Floats.Zip(direction, (g, d) => (double)g * d).Sum();
            double size = Math.Sqrt(gradients[name].Floats.Sum(g => (double)g * g) / 12);
            Assert.True(Math.Abs(slope - expected) <= 0.02 * size + 2e-3, $"{name}: slope {slope}, gradient {expected}, size {size}");
        }
    }

    [Fact]
    public void CountersOfBatchesStartAtZeroWhereAFileHasNone()
    {
        Graph graph = Network();
        StateDict state = Values(graph, seed: 1);
        string counter = graph.Parameters.First(parameter => parameter.IsInteger).Name;
        state.Remove(counter);
        using TrainingNetwork network = Train(graph, state, new() { Losses = [new("logits", 1)] });
        Assert.Equal([0L], (long[])network.State()[counter].Data);
        state[counter] = new HostTensor(new long[2], 2);
        Assert.Contains($"'{counter}'", Assert.Throws<WeightsException>(() => network.Restore(state, new StateDict())).Message);
    }

    [Fact]
    public void RecomputationNeedsLessMemoryAndChangesNoBit()
    {
        Graph graph = Network();
        StateDict state = Values(graph, seed: 1);
        var options = new TrainingOptions { Losses = [new("logits", 1), new("aux", 0.4)] };
        using TrainingNetwork keeping = Train(graph, state, options);
        using TrainingNetwork recomputing = Train(graph, state, options with { Recompute = true });
        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(Accumulate(keeping), Accumulate(recomputing));
            keeping.Update([0.1f]);
            recomputing.Update([0.1f]);
        }
        AssertSame(keeping.State(), recomputing.State());
        AssertSame(keeping.Momenta(), recomputing.Momenta());
        Assert.True(recomputing.ArenaBytes < 0.9 * keeping.ArenaBytes, $"{recomputing.ArenaBytes} and {keeping.ArenaBytes} bytes");
    }

    [Fact]
    public void AccumulatedBatchesAreOneLargerBatch()
    {
        var graph = new Graph();
        Value x = graph.Relu(graph.Conv(graph.Input("image", 3), "a", 5, 3, padding: 1));
        graph.Output("logits", graph.Conv(x, "b", Classes, 1));
        StateDict state = Values(graph, seed: 2);
        (float[] images, byte[] labels) = Batch();
        var losses = new LossValue[1];
        using TrainingNetwork whole = Train(graph, state, new() { Losses = [new("logits", 1)] });
        whole.Accumulate(2, _images.H, _images.W, images, labels, losses);
        using TrainingNetwork halves = Train(graph, state, new() { Losses = [new("logits", 1)], AccumulationSteps = 2 });
        for (int n = 0; n < 2; n++)
            halves.Accumulate(1, _images.H, _images.W, images.AsSpan(n * images.Length / 2, images.Length / 2),
                labels.AsSpan(n * labels.Length / 2, labels.Length / 2), losses);
        StateDict expected = whole.Gradients();
        foreach ((string name, HostTensor tensor) in halves.Gradients())
            Assert.All(tensor.Floats.Zip(expected[name].Floats), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARestoredNetworkGoesOnWithTheSameBits(bool adam)
    {
        Graph graph = Network();
        var options = new TrainingOptions { Losses = [new("logits", 1), new("aux", 0.4)], Seed = 7, Adam = adam ? new() : null };
        using TrainingNetwork first = Train(graph, Values(graph, seed: 1), options);
        Steps(first, 3);
        using TrainingNetwork second = Train(graph, Values(graph, seed: 9), options);
        Steps(second, 1);
        second.Restore(first.State(), first.Momenta());
        second.Step = first.Step;
        Steps(first, 2);
        Steps(second, 2);
        AssertSame(first.State(), second.State());
        AssertSame(first.Momenta(), second.Momenta());
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void TheNumberOfThreadsChangesNoBit(int threads, bool adam)
    {
        Graph graph = Network();
        StateDict state = Values(graph, seed: 3);
        var options = new TrainingOptions { Losses = [new("logits", 1), new("aux", 0.4)], Adam = adam ? new() : null };
        using Device one = Device.Open("cpu", new() { Threads = 1 });
        using Device several = Device.Open("cpu", new() { Threads = threads });
        using var first = new TrainingNetwork(graph, state, one, options);
        using var second = new TrainingNetwork(graph, state, several, options);
        Steps(first, 3);
        Steps(second, 3);
        AssertSame(first.State(), second.State());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStepAtSteadyStateAllocatesNothing(bool adam)
    {
        Graph graph = Network();
        var options = new TrainingOptions { Losses = [new("logits", 1), new("aux", 0.4)], Adam = adam ? new() : null };
        using TrainingNetwork network = Train(graph, Values(graph, seed: 1), options);
        Steps(network, 3);
        (float[] images, byte[] labels) = Batch();
        var losses = new LossValue[2];
        float[] rates = [0.01f];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20; step++)
        {
            network.Accumulate(_images.N, _images.H, _images.W, images, labels, losses);
            network.Update(rates);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void AnIgnoredBatchHasNoGradientAndNoLoss()
    {
        Graph graph = Network();
        using TrainingNetwork network = Train(graph, Values(graph, seed: 1), new() { Losses = [new("logits", 1), new("aux", 0.4)] });
        (float[] images, byte[] labels) = Batch();
        Array.Fill(labels, (byte)255);
        var losses = new LossValue[2];
        network.Accumulate(_images.N, _images.H, _images.W, images, labels, losses);
        Assert.All(losses, loss => Assert.True(double.IsNaN(loss.Value) && loss.Weight == 0));
        Assert.All(network.Gradients(), gradient => Assert.All(gradient.Value.Floats, value => Assert.Equal(0f, value)));
    }

    [Fact]
    public void FrozenStatisticsStay()
    {
        Graph graph = Network();
        StateDict state = Values(graph, seed: 1);
        using TrainingNetwork network = Train(graph, state, new() { Losses = [new("logits", 1)], FrozenStatistics = true });
        Accumulate(network, losses: 1);
        network.Update([0.1f]);
        StateDict after = network.State();
        foreach (string name in state.Names)
        {
            bool isBuffer = name.Contains("running", StringComparison.Ordinal) || name.Contains("tracked", StringComparison.Ordinal);
            bool isAuxiliary = name.StartsWith("aux", StringComparison.Ordinal);
            bool same = state[name].Data.Cast<object>().SequenceEqual(after[name].Data.Cast<object>());
            Assert.True(same == isBuffer || isAuxiliary, $"{name} {(same ? "stayed" : "changed")}");
        }
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Graph graph = Network();
        StateDict state = Values(graph, seed: 1);
        Assert.Contains(
            "'score'", Assert.Throws<ConfigurationException>(() => Train(graph, state, new() { Losses = [new("score", 1)] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "2 class weights",
            Assert.Throws<ConfigurationException>(() =>
                Train(graph, state, new() { Losses = [new("logits", 1)], ClassWeights = [1, 1] })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "groups 0 to 0",
            Assert.Throws<ConfigurationException>(() =>
                Train(graph, state, new() { Losses = [new("logits", 1)], GroupOf = _ => 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("betas 0.9 and 1", Assert.Throws<ConfigurationException>(() =>
            Train(graph, state, new() { Losses = [new("logits", 1)], Adam = new() { Beta2 = 1 } })).Message, StringComparison.Ordinal);
        Assert.Contains("an epsilon of 0", Assert.Throws<ConfigurationException>(() =>
            Train(graph, state, new() { Losses = [new("logits", 1)], Adam = new() { Epsilon = 0 } })).Message, StringComparison.Ordinal);
        using TrainingNetwork network = Train(graph, state, new() { Losses = [new("logits", 1)] });
        (float[] images, byte[] labels) = Batch();
        labels[5] = Classes;
        Assert.Contains("label of 3", Assert.Throws<DatasetException>(() =>
            network.Accumulate(_images.N, _images.H, _images.W, images, labels, new LossValue[1])).Message, StringComparison.Ordinal);
        var single = new Graph();
        single.Output("logits", single.BatchNorm(single.Conv(single.Input("image", 3), "a", Classes, 3, stride: 2, padding: 1), "b"));
        using TrainingNetwork tiny = Train(single, Values(single, seed: 1), new() { Losses = [new("logits", 1)] });
        Assert.Contains("larger", Assert.Throws<ShapeException>(() =>
            tiny.Accumulate(1, 2, 2, images.AsSpan(0, 12), labels.AsSpan(0, 4), new LossValue[1])).Message, StringComparison.Ordinal);
    }

    /// <summary>Every kind of layer: the reference data has no strip gate, and no network of one's own.</summary>
    internal static Graph Network()
    {
        var graph = new Graph();
        Value x = graph.ConvBnRelu(graph.Input("image", 3), "stem", 6, 3, stride: 2);
        x = graph.AveragePool(graph.MaxPool(x, 3, 1, 1), 3, 1, 1);
        (Value column, Value row) = graph.StripMeans(x);
        x = graph.StripGate(x, graph.Conv(column, "column", 6, (3, 1), padding: new Size2D(1, 0), groups: 6),
            graph.Conv(row, "row", 6, (1, 3), padding: new Size2D(0, 1)));
        graph.Output("stage", x);
        Value y = graph.Gelu(graph.ConvBn(x, "a", 8, 3, dilation: 2));
        Value pooled = graph.UpsampleLike(graph.ConvBn(graph.AdaptiveAveragePool(y, (3, 2)), "pooled", 8, 1), y, ResizeRule.HalfPixel);
        y = graph.Concat(graph.Relu(y + pooled), graph.Sigmoid(x));
        graph.Output("middle", y);
        y = graph.Dropout2d(graph.ConvBnRelu(y, "b", 8, 3, groups: 2), 0.1);
        y = graph.GroupNorm(graph.LayerScale(graph.LayerNorm(y, "layer"), "scale"), "group", groups: 2);
        graph.Output("logits", graph.Conv(y, "score", Classes, 1));
        graph.Output("aux", graph.Conv(graph.Dropout2d(x, 0.2), "aux", Classes, 1));
        return graph;
    }

    internal static StateDict Values(Graph graph, int seed)
    {
        var random = new Random(seed);
        var state = new StateDict();
        foreach (ParameterInfo parameter in graph.Parameters)
        {
            int count = parameter.Shape.Aggregate(1, (product, extent) => product * extent);
            bool isPositive = parameter.Shape.Count == 1 && !parameter.Name.EndsWith("bias", StringComparison.Ordinal)
                && !parameter.Name.EndsWith("mean", StringComparison.Ordinal);
            state[parameter.Name] = parameter.IsInteger
                ? new HostTensor(new long[1], parameter.Shape)
                : new HostTensor(
                    [.. Enumerable.Range(0, count).Select(_ => isPositive ? 0.5f + random.NextSingle() : random.NextSingle() - 0.5f)],
                    parameter.Shape);
        }
        return state;
    }

    internal static (float[] Images, byte[] Labels) Batch()
    {
        var random = new Random(11);
        float[] images = [.. Enumerable.Range(0, (int)_images.Count).Select(_ => 2 * random.NextSingle() - 1)];
        byte[] labels = [.. Enumerable.Range(0, _images.N * _images.Plane).Select(_ => (byte)random.Next(Classes))];
        return (images, labels);
    }

    private TrainingNetwork Train(Graph graph, StateDict state, TrainingOptions options) => new(graph, state, _device, options);

    private static LossValue[] Accumulate(TrainingNetwork network, int losses = 2)
    {
        (float[] images, byte[] labels) = Batch();
        var values = new LossValue[losses];
        network.Accumulate(_images.N, _images.H, _images.W, images, labels, values);
        return values;
    }

    private static void Steps(TrainingNetwork network, int count)
    {
        for (int step = 0; step < count; step++)
        {
            Accumulate(network);
            network.Update([0.05f]);
        }
    }

    private double LossAt(Graph graph, StateDict state)
    {
        using TrainingNetwork network = Train(graph, state, new() { Losses = [new("logits", 1), new("aux", 0.4)] });
        LossValue[] losses = Accumulate(network);
        return losses[0].Value + 0.4 * losses[1].Value;
    }

    private static StateDict Moved(StateDict state, string name, float[] direction, float step)
    {
        var moved = new StateDict();
        foreach ((string key, HostTensor tensor) in state)
            moved[key] =
                key == name ? new HostTensor([.. tensor.Floats.Zip(direction, (value, d) => value + step * d)], tensor.Shape) : tensor;
        return moved;
    }

    internal static void AssertSame(StateDict expected, StateDict actual)
    {
        Assert.Equal(expected.Names, actual.Names);
        foreach ((string name, HostTensor tensor) in expected)
            Assert.True(tensor.Data.Cast<object>().SequenceEqual(actual[name].Data.Cast<object>()), $"{name} differs");
    }
}
