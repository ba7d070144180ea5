using SpGpu.Gpu;
using SpGpu.Layers.Plans;
using SpGpu.Tests;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>Networks on a device that has too little memory for all that they would keep.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly Device _cpu = Device.Open("cpu");
    private readonly SmallDevice _device;

    public MemoryTests() => _device = new SmallDevice(_cpu);

    public void Dispose()
    {
        _device.Dispose();
        _cpu.Dispose();
    }

    [Fact]
    public void Plans_that_are_only_kept_are_given_up_for_a_new_one()
    {
        using Network network = Make(), other = Make();
        long few = Words(other, 16), many = Words(network, 64);
        Assert.InRange(few, 1, many - 1);
        // Room for the largest plan beside one of those of the other network, which may be in use.
        _device.Limit = few + many;
        foreach (int side in (int[])[48, 32, 64, 16, 64, 48, 63])
        {
            AssertRuns(network, side);
            AssertRuns(other, 16);
        }
    }

    [Fact]
    public void What_does_not_fit_leaves_a_network_that_goes_on()
    {
        using Network network = Make();
        long many = Words(network, 48);
        _device.Limit = many;
        AssertRuns(network, 48);
        var error = Assert.Throws<DeviceMemoryException>(() => Run(network, 64));
        Assert.StartsWith("small has no ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; 48 x 48 (height x width) would fit", error.Message, StringComparison.Ordinal);
        _device.Limit = 10;
        error = Assert.Throws<DeviceMemoryException>(() => Run(network, 64));
        Assert.DoesNotContain("would fit", error.Message, StringComparison.Ordinal);
        _device.Limit = many;
        AssertRuns(network, 48);
        AssertRuns(network, 16);
    }

    [Fact]
    public void A_plan_that_was_asked_for_last_is_kept()
    {
        using Network network = Make();
        lock (_device.Lock)
        {
            Plan plan = network.PlanFor(("x", new Shape(1, 3, 16, 16)));
            _device.Limit = _device.Used;
            Assert.Throws<DeviceMemoryException>(() => { _device.Allocate(16); });
            plan.Run();
        }
    }

    [Fact]
    public void Networks_that_nobody_holds_are_not_kept_alive()
    {
        WeakReference network = Forgotten();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.False(network.IsAlive);

        WeakReference Forgotten()
        {
            Network made = Make();
            AssertRuns(made, 16);
            return new WeakReference(made);
        }
    }

    [Fact]
    public void A_training_batch_that_does_not_fit_leaves_a_network_that_goes_on()
    {
        Graph graph = Graph();
        using var network = new TrainingNetwork(graph, State(graph), _device, new() { Losses = [new("y", 1)] });
        Train(network, 16);
        _device.Limit = _device.Used;
        Assert.Throws<DeviceMemoryException>(() => Train(network, 32));
        Train(network, 16);
        network.Update([0.1f]);
    }

    [Fact]
    public void What_cannot_be_made_gives_its_memory_back()
    {
        Graph graph = Graph();
        StateDict state = State(graph);
        _device.Limit = 300;
        Assert.Throws<DeviceMemoryException>(() => { _ = new TrainingNetwork(graph, state, _device, new() { Losses = [new("y", 1)] }); });
        Assert.Equal(0, _device.Used);
    }

    [Fact]
    public void What_was_disposed_may_be_so_twice_and_says_so()
    {
        Graph graph = Graph();
        var training = new TrainingNetwork(graph, State(graph), _device, new() { Losses = [new("y", 1)] });
        Train(training, 16);
        Network network = Make();
        Plan plan;
        lock (_device.Lock)
            plan = network.PlanFor(("x", new Shape(1, 3, 16, 16)));
        plan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => plan.Run());
        foreach (IDisposable disposable in (IDisposable[])[plan, network, network, training, training])
            disposable.Dispose();
        Assert.Equal(0, _device.Used);
        Assert.Throws<ObjectDisposedException>(() => Run(network, 16));
        Assert.Throws<ObjectDisposedException>(() => Train(training, 16));
        Assert.Throws<ObjectDisposedException>(() => Train(training, 32));
        Assert.Throws<ObjectDisposedException>(() => training.ReadPredictions(new byte[256]));
        Assert.Throws<ObjectDisposedException>(() => training.Update([0.1f]));
        Assert.Throws<ObjectDisposedException>(training.State);
        Assert.Throws<ObjectDisposedException>(() => training.Restore(State(graph), new StateDict()));
        Assert.Equal(0, _device.Used);
    }

    [Fact]
    public void What_activations_take_is_known_without_a_device()
    {
        using Network network = Make();
        foreach (int side in (int[])[16, 31, 64])
        {
            (string, Shape)[] image = [("x", new Shape(2, 3, side, side + 1))];
            lock (_device.Lock)
                Assert.Equal(network.PlanFor(image).ArenaBytes, Graph().ActivationBytes(image));
        }
        Assert.Throws<ShapeException>(() => Graph().ActivationBytes([], "y"));
    }

    private Network Make()
    {
        Graph graph = Graph();
        return new Network(graph, State(graph), _device);
    }

    private long Words(Network network, int side)
    {
        lock (_device.Lock)
            return network.PlanFor(("x", new Shape(1, 3, side, side))).ArenaBytes / sizeof(float);
    }

    private static Graph Graph()
    {
        var graph = new Graph();
        graph.Output("y", graph.Conv(graph.Relu(graph.Conv(graph.Input("x", 3), "a", 4, 3, padding: 1)), "b", 3, 1));
        return graph;
    }

    private static StateDict State(Graph graph)
    {
        var state = new StateDict();
        foreach (ParameterInfo parameter in graph.Parameters)
        {
            int count = parameter.Shape.Aggregate(1, (product, extent) => product * extent);
            state[parameter.Name] = new HostTensor([.. Enumerable.Range(0, count).Select(i => MathF.Sin(i))], parameter.Shape);
        }
        return state;
    }

    private void AssertRuns(Network network, int side)
    {
        Graph graph = Graph();
        using var roomy = new Network(graph, State(graph), _cpu);
        Assert.Equal(Run(roomy, side), Run(network, side));
    }

    private static float[] Run(Network network, int side) =>
        network
            .Run(("x", new HostTensor([.. Enumerable.Range(0, 3 * side * side).Select(i => MathF.Cos(i))], 1, 3, side, side)))["y"].Floats;

    private static void Train(TrainingNetwork network, int side) =>
        network.Accumulate(1, side, side, new float[3 * side * side], new byte[side * side], new LossValue[1]);
}
