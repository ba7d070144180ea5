using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Mpi;

namespace SpGpu.Surface.Tests;

/// <summary>Training in several processes, as programs of others do it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Without_mpirun_there_is_no_group()
    {
        using MpiGroup? group = MpiGroup.Join();
        Assert.Null(group);
    }

    /// <summary>Whoever connects processes by other means gives training a group of their own.</summary>
    [Fact]
    public void A_group_of_one_is_a_process_alone()
    {
        Assert.Equal(Train(null), Train(new Alone()));
    }

    private static float[] Train(IProcessGroup? group)
    {
        var graph = new Graph();
        Value x = graph.ConvBnRelu(graph.Input("image", 3), "stem", 4, kernel: 3, stride: 2);
        graph.Output("logits", graph.Conv(x, "score", 2, kernel: 1));
        using var device = Device.Open("cpu");
        var options = new TrainingOptions { Losses = [new("logits", 1)], Group = group, SharedStatistics = false };
        using var training = new TrainingNetwork(graph, Initializer.Initialize(graph, seed: 0), device, options);
        float[] image = [.. Enumerable.Range(0, 3 * 8 * 8).Select(i => i % 7 - 3f)];
        training.Accumulate(1, 8, 8, image, new byte[8 * 8], new LossValue[1]);
        training.Update([0.1f]);
        training.ShareStatistics();
        return training.State()["score.weight"].Floats.ToArray();
    }

    private sealed class Alone : IProcessGroup
    {
        public int Rank => 0;

        public int Count => 1;

        public void Gather(ReadOnlySpan<byte> mine, Span<byte> all) => mine.CopyTo(all);

        public void Exchange(ReadOnlySpan<byte> given, Span<byte> taken) => given.CopyTo(taken);

        public void Broadcast(Span<byte> bytes)
        {
        }
    }
}
