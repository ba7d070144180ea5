using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>Networks whose kernels are timed.</summary>
public sealed class ProfileTests : IDisposable
{
    private static readonly TrainingOptions _options = new() { Losses = [new("logits", 1), new("aux", 0.4)] };
    private static readonly (string, Shape)[] _inputs = [("image", new Shape(2, 3, 17, 13))];
    private readonly Device _device = Device.Open("cpu");

    public void Dispose() => _device.Dispose();

    [Fact]
    public void A_row_is_an_operation_of_the_plan()
    {
        Graph graph = TrainingTests.Network();
        using var network = new Network(graph, TrainingTests.Values(graph, seed: 1), _device, "logits");
        Profile profile = network.Profile(_inputs, runs: 3, TestContext.Current.CancellationToken);
        Assert.Equal(network.PlanFor(_inputs).Steps.Select(step => (step.Layer, step.Variant, step.Operations, step.Bytes)),
            profile.Rows.Select(row => (row.Layer, row.Kernel, row.Operations, row.Bytes)));
        Assert.Equal((3, profile.Rows.Count + 1), (profile.Runs, profile.MedianRun.Count));
        Assert.True(profile.UnmarkedMilliseconds >= 0 && profile.Rows.All(row => row.Calls == 1 && row.Milliseconds >= 0));
    }

    [Fact]
    public void A_profile_leaves_training_as_it_was()
    {
        Graph graph = TrainingTests.Network();
        StateDict state = TrainingTests.Values(graph, seed: 1);
        using var plain = new TrainingNetwork(graph, state, _device, _options);
        using var profiled = new TrainingNetwork(graph, state, _device, _options);
        Accumulate(plain);
        Accumulate(profiled);
        Profile profile = profiled.Profile(1, 24, 20, runs: 1, TestContext.Current.CancellationToken);
        Assert.Contains(profile.Rows, row => row.Kernel.Contains("gradient", StringComparison.Ordinal));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => profiled.ReadPredictions(new byte[480]));
        Assert.Contains("a profile", error.Message, StringComparison.Ordinal);
        TrainingTests.AssertSame(plain.State(), profiled.State());
        TrainingTests.AssertSame(plain.Gradients(), profiled.Gradients());
        TrainingTests.AssertSame(plain.Momenta(), profiled.Momenta());
        foreach (TrainingNetwork network in (TrainingNetwork[])[plain, profiled])
        {
            network.Update([0.05f]);
            Accumulate(network);
            network.Update([0.05f]);
        }
        TrainingTests.AssertSame(plain.State(), profiled.State());
    }

    [Fact]
    public void It_stops_when_asked_to_and_says_what_it_cannot_do()
    {
        Graph graph = TrainingTests.Network();
        StateDict state = TrainingTests.Values(graph, seed: 1);
        using var network = new Network(graph, state, _device, "logits");
        using var training = new TrainingNetwork(graph, state, _device, _options);
        var stopped = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => network.Profile(_inputs, cancellation: stopped));
        Assert.Throws<OperationCanceledException>(() => training.Profile(1, 16, 16, cancellation: stopped));
        TrainingTests.AssertSame(state, training.State());
        CancellationToken going = TestContext.Current.CancellationToken;
        ShapeException error = Assert.Throws<ShapeException>(() => network.Profile([], cancellation: going));
        Assert.Contains("'image' is missing", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Profile(_inputs, runs: 0, going));
        Assert.Throws<ArgumentOutOfRangeException>(() => training.Profile(1, 16, 16, runs: 0, going));
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Profile(_inputs, cancellation: going));
    }

    private static void Accumulate(TrainingNetwork network)
    {
        (float[] images, byte[] labels) = TrainingTests.Batch();
        network.Accumulate(2, 17, 13, images, labels, new LossValue[2]);
    }
}
