using SpGpu.Gpu;
using SpGpu.Layers.Training;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>
/// Which channels training drops. Behind a dropout stands a convolution of one pixel a tap: where a channel is dropped,
/// the gradient of its weights is zero, so the masks can be read off the gradients of a network as it runs.
/// </summary>
public sealed class DropoutTests : IDisposable
{
    private const int Channels = 256;
    private const double Probability = 0.3;

    private readonly Device _device = Device.Open("cpu", new() { Threads = 1 });
    private readonly Graph _graph = new();

    public DropoutTests()
    {
        Value image = _graph.Input("image", Channels);
        Value first = _graph.Conv(_graph.Dropout2d(image, Probability), "first", 2, 1);
        Value second = _graph.Conv(_graph.Dropout2d(image, Probability), "second", 2, 1);
        _graph.Output("logits", first + second);
    }

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Every_batch_of_every_step_has_a_mask_of_its_own()
    {
        List<string> masks = Masks(seed: 3, accumulation: 3, steps: 4);
        Assert.Equal(12, masks.Distinct().Count());
        Assert.All(masks[1..], mask => Assert.True(Agreement(mask, masks[0]) < 0.7, mask));
    }

    [Fact]
    public void Batches_are_counted_through_the_steps()
    {
        Assert.Equal(Masks(seed: 3, accumulation: 1, steps: 6), Masks(seed: 3, accumulation: 3, steps: 2));
        Assert.Equal(Masks(seed: 3, accumulation: 2, steps: 5)[4..], Masks(seed: 3, accumulation: 2, steps: 3, firstStep: 2));
    }

    [Fact]
    public void Layers_pictures_and_seeds_differ()
    {
        List<string> masks = Masks(seed: 3), ofSecond = Masks(seed: 3, layer: "second"), ofPicture = Masks(seed: 3, picture: 1),
            ofSeed = Masks(seed: 4);
        Assert.Equal(masks, Masks(seed: 3));
        foreach (List<string> others in (List<string>[])[ofSecond, ofPicture, ofSeed])
            Assert.All(others, other => Assert.All(masks, mask => Assert.True(Agreement(mask, other) < 0.7, $"{mask}\n{other}")));
    }

    [Fact]
    public void As_many_channels_stay_as_the_probability_says()
    {
        double kept = Masks(seed: 3, accumulation: 4, steps: 8).Average(mask => mask.Average(channel => channel == '1' ? 1.0 : 0));
        // 8192 draws: the standard deviation is 0.005.
        Assert.Equal(1 - Probability, kept, 0.025);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void What_stays_is_scaled_so_that_the_mean_does_not_change(double probability)
    {
        Tensor tensor = Tensor.Allocate(_device, new Shape(2, 4096, 1, 1));
        var values = new float[8192];
        new DropoutMask(probability, seed: 1, layer: 0, tensor).Draw(5);
        tensor.Download<float>(values);
        Assert.Equal([0f, (float)(1 / (1 - probability))], values.Distinct().Order());
        // Five standard deviations.
        Assert.Equal(1, values.Average(), 5 * Math.Sqrt(probability / (1 - probability) / 8192));
        tensor.Memory.Dispose();
    }

    /// <summary>For each batch, which channels of a picture a layer keeps, as ones and zeros.</summary>
    private List<string> Masks(int seed, int accumulation = 2, int steps = 2, int firstStep = 0, string layer = "first", int picture = 0)
    {
        var options = new TrainingOptions { Losses = [new("logits", 1)], AccumulationSteps = accumulation, Seed = seed };
        var state = new StateDict();
        foreach (ParameterInfo parameter in _graph.Parameters)
            state[parameter.Name] =
                new HostTensor(new float[parameter.Shape.Aggregate(1, (product, extent) => product * extent)], parameter.Shape);
        using var network = new TrainingNetwork(_graph, state, _device, options) { Step = firstStep };
        // The other picture is black, so that its mask cannot be seen.
        float[] images = new float[2 * Channels];
        images.AsSpan(picture * Channels, Channels).Fill(1);
        var masks = new List<string>();
        for (int step = 0; step < steps; step++)
        {
            float[] before = new float[2 * Channels];
            for (int batch = 0; batch < accumulation; batch++)
            {
                network.Accumulate(2, 1, 1, images, [0, 1], new LossValue[1]);
                float[] now = network.Gradients()[$"{layer}.weight"].Floats;
                masks.Add(string.Concat(Enumerable.Range(0, Channels).Select(channel => now[channel] == before[channel] ? '0' : '1')));
                before = now;
            }
            // A rate of zero leaves the weights as they are, so that all gradients are alike but for the masks.
            network.Update([0]);
        }
        return masks;
    }

    /// <summary>The share of channels that are alike; 0.58 of two masks that know nothing of each other.</summary>
    private static double Agreement(string a, string b) => a.Zip(b).Average(pair => pair.First == pair.Second ? 1.0 : 0);
}
