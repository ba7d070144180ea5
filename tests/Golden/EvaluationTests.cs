using SpGpu.Layers;
using SpGpu.Models;
using Xunit;

namespace SpGpu.Golden;

/// <summary>Small networks as training looks at them: classes and loss against those of the reference data's logits.</summary>
public sealed class EvaluationTests(DeviceFixture fixture)
{
    private const int Ignored = 255;

    [Theory]
    [MemberData(nameof(GoldenTests.Networks), MemberType = typeof(GoldenTests))]
    public void TinyNetwork(GoldenCase data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.SkipWhatIsTooSlow();
        Graph graph = SpNetGraph.Build(GoldenModules.Architecture(data));
        var options = new TrainingOptions { Losses = [new("score", 1)] };
        using var network = new TrainingNetwork(graph, data.Fixture.Weights(data.Name, ""), fixture.Device, options);
        HostTensor logits = data.Expected("eval.out");
        (int count, int kinds, int height, int width) = (logits.Shape[0], logits.Shape[1], logits.Shape[2], logits.Shape[3]);
        byte[] labels = [.. Enumerable.Range(0, count * height * width).Select(i => (byte)(i % 7 == 0 ? Ignored : i / 3 % kinds))];
        var classes = new byte[labels.Length];
        LossValue loss = network.Evaluate(count, height, width, data.Input.Floats, labels, classes);
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            (int n, int p) = (i / (height * width), i % (height * width));
            double[] z = [.. Enumerable.Range(0, kinds).Select(c => (double)logits.Floats[(n * kinds + c) * height * width + p])];
            Assert.True(z[classes[i]] >= z.Max() - 1e-4, $"pixel {i}: class {classes[i]} of {string.Join(", ", z)}");
            if (labels[i] != Ignored)
                sum += Math.Log(z.Sum(score => Math.Exp(score - z[labels[i]])));
        }
        int counted = labels.Count(label => label != Ignored);
        Assert.Equal(counted, loss.Weight);
        Assert.Equal(sum / counted, loss.Value, 1e-5 * (sum / counted));
    }
}
