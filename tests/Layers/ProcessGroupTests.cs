using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>Processes with parts of a batch against one with all of it.</summary>
public sealed class ProcessGroupTests
{
    private const int Steps = 4;
    private static readonly Shape _batch = new(6, 3, 17, 13);

    public static TheoryData<string, int> Recipes()
    {
        var recipes = new TheoryData<string, int>();
        string[] all = ["plain", "accumulation", "class weights", "frozen", "adam", "recompute", "average", "hard examples"];
        foreach (string recipe in all)
        {
            recipes.Add(recipe, 2);
            recipes.Add(recipe, 3);
        }
        return recipes;
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void TogetherTheyLearnWhatOneDoes(string recipe, int processes)
    {
        (List<LossValue> losses, StateDict state) = Train(recipe, null);
        StateDict start = TrainingTests.Values(TrainingTests.Network(), seed: 1);
        var states = new StateDict[processes];
        var theirs = new List<LossValue>[processes];
        ThreadGroup.Run(processes, group => (theirs[group.Rank], states[group.Rank]) = Train(recipe, group));
        for (int rank = 0; rank < processes; rank++)
        {
            TrainingTests.AssertSame(states[0], states[rank]);
            Assert.Equal(theirs[0], theirs[rank]);
        }
        Assert.Equal(losses.Count, theirs[0].Count);
        foreach ((LossValue expected, LossValue found) in losses.Zip(theirs[0]))
        {
            Assert.Equal(expected.Weight, found.Weight, 1e-2);
            Assert.Equal(expected.Value, found.Value, 1e-4 * expected.Value);
        }
        foreach ((string name, HostTensor tensor) in state)
        {
            if (tensor.Data is long[] counter)
            {
                Assert.Equal(counter, states[0][name].Data);
                continue;
            }
            double change = Norm(tensor.Floats.Zip(start[name].Floats, (a, b) => a - b));
            double difference = Norm(tensor.Floats.Zip(states[0][name].Floats, (a, b) => a - b));
            Assert.True(difference <= 1e-3 * change + 1e-5, $"{name}: {difference} off after a change of {change}");
        }
    }

    [Fact]
    public void ARunRepeatsBitForBit()
    {
        var states = new StateDict[2];
        for (int run = 0; run < states.Length; run++)
            ThreadGroup.Run(3, group =>
            {
                (_, StateDict state) = Train("plain", group);
                if (group.Rank == 0)
                    states[run] = state;
            });
        TrainingTests.AssertSame(states[0], states[1]);
    }

    [Fact]
    public void StatisticsOfTheirOwnBecomeThoseOfTheFirst()
    {
        var states = new StateDict[2];
        ThreadGroup.Run(2, group => (_, states[group.Rank]) = Train("own statistics", group));
        TrainingTests.AssertSame(states[0], states[1]);
        (_, StateDict whole) = Train("plain", null);
        Assert.NotEqual(whole["stem.1.running_mean"].Floats, states[0]["stem.1.running_mean"].Floats);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(99_999)]
    [InlineData(100_001)]
    [InlineData((1 << 22) + 5)]
    public void SumsAreTakenFromTheFirstOn(int length)
    {
        const int Processes = 3;
        float[][] values = [.. Enumerable.Range(0, Processes).Select(rank => new Random(rank)).Select(
            random => Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        float[] expected = [.. Enumerable.Range(0, length).Select(i => values[0][i] + values[1][i] + values[2][i])];
        ThreadGroup.Run(Processes, group => group.Sum(values[group.Rank]));
        Assert.All(values, sums => Assert.True(expected.AsSpan().SequenceEqual(sums)));
    }

    private static (List<LossValue> Losses, StateDict State) Train(string recipe, IProcessGroup? group)
    {
        Graph graph = TrainingTests.Network();
        int accumulation = recipe == "accumulation" ? 2 : 1;
        var options = new TrainingOptions
        {
            Losses = [new("logits", 1), new("aux", 0.4)],
            Group = group,
            AccumulationSteps = accumulation,
            ClassWeights = recipe == "class weights" ? [1, 2.5f, 0.5f] : null,
            FrozenStatistics = recipe == "frozen",
            Mining = recipe == "hard examples" ? new HardExamples(Threshold: 0.2f, MinKept: 500) : null,
            Recompute = recipe == "recompute",
            Adam = recipe == "adam" ? new() { Epsilon = 1e-3f } : null,
            AverageDecay = recipe == "average" ? 0.9 : 0,
            SharedStatistics = recipe != "own statistics",
        };
        using Device device = Device.Open("cpu", new() { Threads = 1 });
        using var network = new TrainingNetwork(graph, TrainingTests.Values(graph, seed: 1), device, options);
        var all = new List<LossValue>();
        var losses = new LossValue[2];
        int share = _batch.N / (group?.Count ?? 1), first = (group?.Rank ?? 0) * share;
        for (int step = 0; step < Steps; step++)
        {
            for (int batch = 0; batch < accumulation; batch++)
            {
                (float[] images, byte[] labels) = Batch(step * accumulation + batch);
                int pixels = _batch.Plane;
                network.Accumulate(share, _batch.H, _batch.W, images.AsSpan(3 * pixels * first, 3 * pixels * share),
                    labels.AsSpan(pixels * first, pixels * share), losses);
                all.AddRange(losses);
            }
            network.Update([0.01f]);
        }
        network.ShareStatistics();
        return (all, network.Average() ?? network.State());
    }

    /// <summary>A batch of which the first third has hardly a label and the second of those more, so that weights differ.</summary>
    private static (float[] Images, byte[] Labels) Batch(int seed)
    {
        var random = new Random(seed);
        float[] images = [.. Enumerable.Range(0, (int)_batch.Count).Select(i => 2 * random.NextSingle() - 1 + i * 1e-4f)];
        int pixels = _batch.N * _batch.Plane;
        byte[] labels = [.. Enumerable.Range(0, pixels).Select(
            i => random.Next(pixels) > 2 * i ? (byte)255 : (byte)random.Next(TrainingTests.Classes))];
        return (images, labels);
    }

    private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(value => (double)value * value));
}
