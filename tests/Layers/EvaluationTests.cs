using SpGpu.Gpu;
using SpGpu.Layers.Training;
using SpGpu.Tests;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>A network that is looked at between its training steps.</summary>
public sealed class EvaluationTests : IDisposable
{
    private const int Classes = TrainingTests.Classes;
    private static readonly TrainingOptions _plain = new() { Losses = [new("logits", 1), new("aux", 0.4)] };
    private readonly Device _device = Device.Open("cpu");

    public static TheoryData<float[]?, int, int, int> Cases => new()
    {
        { null, 2, 17, 13 },
        { null, 1, 40, 33 },
        { [2, 0.5f, 1], 3, 9, 16 },
        { [0, 1, 3], 2, 17, 13 },
    };

    public void Dispose() => _device.Dispose();

    /// <summary>Against softmax and logarithm in double precision, of the logits that the inference network gives.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Classes_and_loss_are_those_of_the_inference_network(float[]? classWeights, int count, int height, int width)
    {
        using TrainingNetwork training = Trained(_plain with { ClassWeights = classWeights, Mining = new HardExamples(0.7f, 10) });
        (float[] images, byte[] labels) = Pictures(count, height, width);
        var classes = new byte[labels.Length];
        LossValue loss = training.Evaluate(count, height, width, images, labels, classes);

        Graph graph = TrainingTests.Network();
        graph.Output("upsampled", graph.UpsampleLike(graph.Outputs["logits"], graph.Inputs["image"]));
        using var inference = new Network(graph, training.State(), _device, "upsampled");
        float[] logits = inference.Run(("image", new HostTensor(images, count, 3, height, width)))["upsampled"].Floats;
        double sum = 0, weight = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            (int n, int p) = (i / (height * width), i % (height * width));
            double[] z = [.. Enumerable.Range(0, Classes).Select(c => (double)logits[(n * Classes + c) * height * width + p])];
            Assert.True(z[classes[i]] > z.Max() - 1e-5, $"pixel {i}: class {classes[i]} of {string.Join(", ", z)}");
            if (labels[i] == 255)
                continue;
            // Weights of classes and the choice of hard examples are for training.
            sum -= Math.Log(Math.Exp(z[labels[i]]) / z.Sum(Math.Exp));
            weight++;
        }
        Assert.Equal(weight, loss.Weight, 1e-3);
        Assert.Equal(sum / weight, loss.Value, 1e-5 * Math.Max(1, sum / weight));
    }

    [Fact]
    public void Any_block_of_the_layout_can_be_looked_at()
    {
        Graph graph = TrainingTests.Network();
        StateDict other = TrainingTests.Values(graph, seed: 8);
        using TrainingNetwork expected = Make(graph, other, _plain);
        using var state = new TrainingState(_device, graph, TrainingTests.Values(graph, seed: 1), _plain);
        ParameterLayout layout = state.Memory.Layout;
        using DeviceMemory block = _device.Allocate(layout.Length);
        foreach (ParameterInfo parameter in graph.Parameters.Where(parameter => !parameter.IsInteger))
            layout.Tensor(parameter.Name, block).Upload<float>(other[parameter.Name].Floats);
        (float[] images, byte[] labels) = Pictures(2, 17, 13);
        byte[] own = new byte[labels.Length], others = new byte[labels.Length], right = new byte[labels.Length];
        var shape = new Shape(2, 3, 17, 13);
        using var ofOwn = new EvaluationPlan(_device, graph, layout, state.Memory.Values, shape, _plain);
        using var ofOther = new EvaluationPlan(_device, graph, layout, block, shape, _plain);
        LossValue before = ofOwn.Run(images, labels, own);
        LossValue given = ofOther.Run(images, labels, others);
        Assert.Equal(expected.Evaluate(2, 17, 13, images, labels, right), given);
        Assert.Equal(right, others);
        Assert.NotEqual(before, given);
        Assert.Equal(before, ofOwn.Run(images, labels, own));
    }

    [Fact]
    public void Nothing_of_the_network_changes()
    {
        TrainingOptions options = _plain with { ClassWeights = [2, 0.5f, 1], AccumulationSteps = 2, Seed = 3 };
        using TrainingNetwork plain = Trained(options), evaluated = Trained(options);
        for (int step = 0; step < 3; step++)
        {
            Accumulate(plain);
            Accumulate(evaluated);
            // In the middle of a step, and of a size that has room where the training step lay, and of one that has not.
            (StateDict state, StateDict momenta, StateDict gradients) = (evaluated.State(), evaluated.Momenta(), evaluated.Gradients());
            foreach ((int height, int width) in (ReadOnlySpan<(int, int)>)[(17, 13), (80, 70), (5, 9)])
                Evaluate(evaluated, 2, height, width);
            TrainingTests.AssertSame(state, evaluated.State());
            TrainingTests.AssertSame(momenta, evaluated.Momenta());
            TrainingTests.AssertSame(gradients, evaluated.Gradients());
            Assert.Equal(Accumulate(plain), Accumulate(evaluated));
            plain.Update([0.05f]);
            evaluated.Update([0.05f]);
        }
        TrainingTests.AssertSame(plain.State(), evaluated.State());
        TrainingTests.AssertSame(plain.Momenta(), evaluated.Momenta());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_number_of_threads_changes_no_bit(int threads)
    {
        Graph graph = TrainingTests.Network();
        StateDict state = TrainingTests.Values(graph, seed: 3);
        using Device one = Device.Open("cpu", new() { Threads = 1 });
        using Device several = Device.Open("cpu", new() { Threads = threads });
        using var first = new TrainingNetwork(graph, state, one, _plain);
        using var second = new TrainingNetwork(graph, state, several, _plain);
        (LossValue expected, byte[] classes) = Evaluate(first, 2, 65, 49);
        (LossValue loss, byte[] same) = Evaluate(second, 2, 65, 49);
        Assert.Equal(expected, loss);
        Assert.Equal(classes, same);
    }

    [Fact]
    public void Its_memory_is_that_of_the_training_step_or_is_given_back()
    {
        using var device = new SmallDevice(_device);
        Graph graph = TrainingTests.Network();
        using var network = new TrainingNetwork(graph, TrainingTests.Values(graph, seed: 1), device, _plain);
        Accumulate(network);
        long used = device.Used;
        Evaluate(network, 2, 17, 13);
        Assert.Equal(used, device.Used);
        Evaluate(network, 2, 170, 130);
        long large = device.Used;
        Assert.True(large > used);
        Evaluate(network, 1, 170, 130);
        Assert.InRange(device.Used, used, large - 1);
        Accumulate(network);
        Assert.Equal(used, device.Used);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using TrainingNetwork network = Trained(_plain);
        (float[] images, byte[] labels) = Pictures(1, 9, 9);
        Assert.Throws<ShapeException>(() => network.Evaluate(1, 9, 9, images, labels, new byte[80]));
        Assert.Throws<ShapeException>(() => network.Evaluate(1, 9, 9, images.AsSpan(1), labels, new byte[81]));
        labels[7] = Classes;
        DatasetException error = Assert.Throws<DatasetException>(() => network.Evaluate(1, 9, 9, images, labels, new byte[81]));
        Assert.Contains("label of 3", error.Message, StringComparison.Ordinal);
        Accumulate(network);
        (_, byte[] batch) = TrainingTests.Batch();
        network.ReadPredictions(batch);
        Evaluate(network, 1, 9, 9);
        InvalidOperationException lost = Assert.Throws<InvalidOperationException>(() => network.ReadPredictions(batch));
        Assert.Contains("accumulate", lost.Message, StringComparison.Ordinal);
        Accumulate(network);
        network.ReadPredictions(batch);
    }

    private TrainingNetwork Make(Graph graph, StateDict state, TrainingOptions options) => new(graph, state, _device, options);

    /// <summary>A network whose running statistics have seen something.</summary>
    private TrainingNetwork Trained(TrainingOptions options)
    {
        Graph graph = TrainingTests.Network();
        TrainingNetwork network = Make(graph, TrainingTests.Values(graph, seed: 1), options);
        for (int step = 0; step < 3; step++)
        {
            Accumulate(network);
            network.Update([0.05f]);
        }
        return network;
    }

    private static LossValue[] Accumulate(TrainingNetwork network)
    {
        (float[] images, byte[] labels) = TrainingTests.Batch();
        var losses = new LossValue[2];
        network.Accumulate(2, 17, 13, images, labels, losses);
        return losses;
    }

    private static (LossValue Loss, byte[] Classes) Evaluate(TrainingNetwork network, int count, int height, int width)
    {
        (float[] images, byte[] labels) = Pictures(count, height, width);
        var classes = new byte[labels.Length];
        return (network.Evaluate(count, height, width, images, labels, classes), classes);
    }

    /// <summary>Every fifth pixel or so does not count.</summary>
    private static (float[] Images, byte[] Labels) Pictures(int count, int height, int width)
    {
        var random = new Random(height);
        float[] images = [.. Enumerable.Range(0, 3 * count * height * width).Select(_ => 2 * random.NextSingle() - 1)];
        var labels = new byte[count * height * width];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = (byte)(random.Next(5) == 0 ? 255 : random.Next(Classes));
        return (images, labels);
    }
}
