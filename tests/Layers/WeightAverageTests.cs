using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>The moving average of what a network learns.</summary>
public sealed class WeightAverageTests : IDisposable
{
    private const double Decay = 0.4;

    private static readonly TrainingOptions _options = new() { Losses = [new("logits", 1), new("aux", 0.4)], AverageDecay = Decay };

    private readonly Device _device = Device.Open("cpu");
    private readonly Graph _graph = TrainingTests.Network();

    public void Dispose() => _device.Dispose();

    /// <summary>(1 + t) / (10 + t) is below the decay in the first four steps, 2/11, 3/12, 4/13 and 5/14, and then reaches it.</summary>
    [Fact]
    public void It_is_carried_on_from_the_start_and_forgets_faster_at_first()
    {
        using TrainingNetwork network = Make(_options);
        Dictionary<string, double[]> average = network.State().Where(pair => pair.Value.Data is float[])
            .ToDictionary(pair => pair.Key, pair => pair.Value.Floats.Select(value => (double)value).ToArray());
        AssertAverage();
        for (int t = 1; t <= 6; t++)
        {
            Step(network);
            double kept = t <= 4 ? (1.0 + t) / (10 + t) : Decay;
            foreach ((string name, HostTensor tensor) in network.State())
            {
                for (int i = 0; i < tensor.Count && tensor.Data is float[]; i++)
                    average[name][i] = kept * average[name][i] + (1 - kept) * tensor.Floats[i];
            }
            AssertAverage();
        }

        void AssertAverage()
        {
            foreach ((string name, HostTensor tensor) in network.Average()!)
            {
                if (tensor.Data is long[] counters)
                    Assert.Equal((long[])network.State()[name].Data, counters);
                else
                    Assert.All(tensor.Floats.Zip(average[name]), pair => Assert.InRange(pair.First - pair.Second, -1e-5, 1e-5));
            }
        }
    }

    [Fact]
    public void It_is_what_is_evaluated_and_changes_nothing_that_is_learned()
    {
        using TrainingNetwork with = Make(_options), without = Make(_options with { AverageDecay = 0 });
        for (int t = 0; t < 3; t++)
        {
            Step(with);
            Step(without);
        }
        TrainingTests.AssertSame(without.State(), with.State());
        TrainingTests.AssertSame(without.Momenta(), with.Momenta());
        Assert.Null(without.Average());
        using var averaged = new TrainingNetwork(_graph, with.Average()!, _device, _options with { AverageDecay = 0 });
        Assert.Equal(Evaluate(averaged), Evaluate(with));
        Assert.NotEqual(Evaluate(without), Evaluate(with));
    }

    [Fact]
    public void A_restored_network_goes_on_with_the_same_bits()
    {
        using TrainingNetwork first = Make(_options), second = Make(_options);
        Step(first);
        Step(first);
        second.Restore(first.State(), first.Momenta(), first.Average());
        second.Step = first.Step;
        Step(first);
        Step(second);
        TrainingTests.AssertSame(first.Average()!, second.Average()!);
    }

    [Fact]
    public void It_starts_as_the_parameters_where_none_is_given()
    {
        using TrainingNetwork first = Make(_options), second = Make(_options);
        Step(first);
        second.Restore(first.State(), first.Momenta());
        TrainingTests.AssertSame(first.State(), second.Average()!);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using TrainingNetwork network = Make(_options);
        Step(network);
        float[] rates = [0.01f];
        network.Update(rates);
        long before = GC.GetAllocatedBytesForCurrentThread();
        network.Update(rates);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_decay_that_is_none_is_refused(double decay) =>
        Assert.Contains("from 0 and below 1", Assert.Throws<ConfigurationException>(
            () => Make(_options with { AverageDecay = decay })).Message, StringComparison.Ordinal);

    private TrainingNetwork Make(TrainingOptions options) => new(_graph, TrainingTests.Values(_graph, seed: 1), _device, options);

    private static void Step(TrainingNetwork network)
    {
        (float[] images, byte[] labels) = TrainingTests.Batch();
        network.Accumulate(2, 17, 13, images, labels, new LossValue[2]);
        network.Update([0.05f]);
    }

    private static LossValue Evaluate(TrainingNetwork network)
    {
        (float[] images, byte[] labels) = TrainingTests.Batch();
        return network.Evaluate(2, 17, 13, images, labels, new byte[labels.Length]);
    }
}
