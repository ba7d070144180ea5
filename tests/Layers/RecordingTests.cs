using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers.Plans;
using SpGpu.Tests;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>Plans that are recorded at their second run and replayed from then on.</summary>
public sealed class RecordingTests : IDisposable
{
    private static readonly Shape _image = new(1, 3, 9, 7);

    private readonly Device _cpu = Device.Open("cpu", new() { Threads = 1 });
    private readonly Graph _graph = TrainingTests.Network();

    public void Dispose() => _cpu.Dispose();

    [Fact]
    public void The_second_run_is_recorded_and_replays_compute_what_runs_do()
    {
        using var device = new RecordingDevice(_cpu);
        using Network network = Make(device), plain = Make(_cpu);
        for (int run = 0; run < 4; run++)
        {
            Assert.Equal(Run(plain, run), Run(network, run));
            Assert.Equal((Math.Min(run, 1), run), (device.Asked, device.Replays));
        }
        // The second strip convolution before the first, and the unpooled branch after the pooled one.
        Assert.True(device.Overtaken >= 3 * 2, $"{device.Overtaken} steps overtook another in three replays");
        network.Dispose();
        Assert.Equal(0, device.Alive);
    }

    [Fact]
    public void With_another_workspace_it_is_recorded_again()
    {
        using var device = new RecordingDevice(_cpu);
        using Network network = Make(device);
        Repeat(network, 3);
        for (int length = 100; length <= 300; length += 100)
        {
            device.Workspace.Reserve(length);
            Repeat(network, 2);
            Assert.Equal((1 + length / 100, 1), (device.Asked, device.Alive));
        }
        device.Workspace.Dispose();
        Repeat(network, 2);
        Assert.Equal((5, 1), (device.Asked, device.Alive));
    }

    [Fact]
    public void Where_memory_is_short_operations_run_one_after_another()
    {
        var graph = new Graph();
        Value x = graph.Conv(graph.Input("image", 3), "x", 16, 1);
        Value pooled = graph.MaxPool(x, kernel: 3, stride: 1, padding: 1), y = x;
        for (int i = 0; i < 3; i++)
            y = graph.Conv(y, $"long{i}", 16, 1);
        graph.Output("logits", pooled + y);
        using var small = new SmallDevice(_cpu);
        using var device = new RecordingDevice(small);
        using Network plain = Make(_cpu, graph);
        float[] expected = Run(plain, 1);
        long needed = graph.ActivationBytes([("image", _image)]) / sizeof(float);
        foreach ((long limit, int asked) in (ReadOnlySpan<(long, int)>)[(needed, 0), (2 * needed, 1)])
        {
            small.Limit = limit;
            using Network limited = Make(device, graph);
            for (int run = 0; run < 3; run++)
                Assert.Equal(expected, Run(limited, 1));
            Assert.Equal(asked, device.Asked);
        }
    }

    [Fact]
    public void A_device_that_records_nothing_is_asked_once()
    {
        using var device = new RecordingDevice(_cpu) { Records = false };
        using Network network = Make(device);
        Repeat(network, 4);
        Assert.Equal((1, 0), (device.Asked, device.Replays));
        Assert.Null(network.Profile([("image", _image)], runs: 1, TestContext.Current.CancellationToken).ReplayedMilliseconds);
    }

    [Fact]
    public void A_replay_that_fails_is_run_instead_and_the_last()
    {
        using var device = new RecordingDevice(_cpu) { Replayable = 1 };
        using Network network = Make(device), plain = Make(_cpu);
        for (int run = 0; run < 5; run++)
            Assert.Equal(Run(plain, run), Run(network, run));
        Assert.Equal((1, 2, 0), (device.Asked, device.Replays, device.Alive));
    }

    [Fact]
    public void A_plan_without_its_memory_replays_nothing()
    {
        using var device = new RecordingDevice(_cpu);
        using Network network = Make(device);
        Repeat(network, 2);
        Plan plan;
        lock (device.Lock)
            plan = network.PlanFor(("image", _image));
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => plan.Run());
        Assert.Equal(1, device.Replays);
    }

    [Fact]
    public void A_profile_replays_runs_of_their_own()
    {
        using var device = new RecordingDevice(_cpu);
        using Network network = Make(device);
        Profile profile = network.Profile([("image", _image)], runs: 3, TestContext.Current.CancellationToken);
        Assert.True(profile.ReplayedMilliseconds >= 0);
        // Two that warm up, and three.
        Assert.Equal((1, 5), (device.Asked, device.Replays));
    }

    [Fact]
    public void A_training_step_is_replayed_too()
    {
        using var device = new RecordingDevice(_cpu);
        var options = new TrainingOptions { Losses = [new("logits", 1), new("aux", 0.4)] };
        StateDict state = TrainingTests.Values(_graph, seed: 1);
        using var plain = new TrainingNetwork(_graph, state, _cpu, options);
        using var replayed = new TrainingNetwork(_graph, state, device, options);
        (float[] images, byte[] labels) = TrainingTests.Batch();
        for (int step = 0; step < 3; step++)
        {
            foreach (TrainingNetwork network in (TrainingNetwork[])[plain, replayed])
            {
                network.Accumulate(2, 17, 13, images, labels, new LossValue[2]);
                network.Update([0.05f]);
            }
        }
        Assert.Equal(2, device.Replays);
        TrainingTests.AssertSame(plain.State(), replayed.State());
        TrainingTests.AssertSame(plain.Momenta(), replayed.Momenta());
    }

    /// <summary>On a machine with CUDA: as a graph of its driver, beside runs that are not replayed because they are first ones.</summary>
    [Fact]
    public void Cuda_replays_the_same_bits()
    {
        using Device device = OpenCuda();
        using Network network = Make(device);
        for (int run = 0; run < 3; run++)
        {
            using Network plain = Make(device);
            Assert.Equal(Run(plain, run), Run(network, run));
        }
        Profile profile = network.Profile([("image", _image)], runs: 1, TestContext.Current.CancellationToken);
        Assert.NotNull(profile.ReplayedMilliseconds);
        Assert.True(profile.Launches.Count >= profile.Rows.Count);
        Assert.All(profile.Launches, launch => Assert.True(
            launch.Registers > 0 && launch.Threads > 0 && launch.GroupsPerMultiprocessor > 0 && launch.Waves > 0, $"{launch}"));
    }

    [Fact]
    public void Cuda_replays_a_training_step_too()
    {
        using Device device = OpenCuda();
        var options = new TrainingOptions { Losses = [new("logits", 1), new("aux", 0.4)] };
        using var replayed = new TrainingNetwork(_graph, TrainingTests.Values(_graph, seed: 1), device, options);
        (float[] images, byte[] labels) = TrainingTests.Batch();
        for (int step = 0; step < 3; step++)
        {
            // From the same state, and its first step.
            using var launched = new TrainingNetwork(_graph, replayed.State(), device, options) { Step = step };
            foreach (TrainingNetwork network in (TrainingNetwork[])[replayed, launched])
                network.Accumulate(2, 17, 13, images, labels, new LossValue[2]);
            TrainingTests.AssertSame(launched.Gradients(), replayed.Gradients());
            TrainingTests.AssertSame(launched.State(), replayed.State());
            replayed.Update([0.05f]);
        }
    }

    private static Device OpenCuda()
    {
        if (!Device.List().Any(found => found.Name == "cuda:0" && found.Usable))
            Assert.Skip("there is no CUDA device");
        return Device.Open("cuda:0");
    }

    private Network Make(Device device, Graph? graph = null) =>
        new(graph ?? _graph, TrainingTests.Values(graph ?? _graph, seed: 1), device, "logits");

    private static void Repeat(Network network, int runs)
    {
        for (int run = 0; run < runs; run++)
            Run(network, run);
    }

    private static float[] Run(Network network, int seed)
    {
        var random = new Random(seed);
        float[] image = [.. Enumerable.Range(0, (int)_image.Count).Select(_ => 2 * random.NextSingle() - 1)];
        return network.Run(("image", new HostTensor(image, 1, 3, 9, 7)))["logits"].Floats;
    }
}
