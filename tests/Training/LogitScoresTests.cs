using SpGpu.Layers;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>Arg-max and cross entropy of logits, against sums written down anew.</summary>
public class LogitScoresTests
{
    [Fact]
    public void Classes_and_losses_are_those_of_each_pixel()
    {
        const int N = 2, C = 3, H = 2, W = 5;
        var random = new Random(1);
        float[] logits = [.. Enumerable.Range(0, N * C * H * W).Select(_ => (float)(8 * random.NextDouble() - 4))];
        byte[] labels = [.. Enumerable.Range(0, N * H * W).Select(i => (byte)(i % 4 == 3 ? 255 : i % 4))];
        (byte[] classes, double sum, long count) = LogitScores.Of(new HostTensor(logits, N, C, H, W), labels, 255);
        double expected = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            (int n, int p) = (i / (H * W), i % (H * W));
            double[] z = [.. Enumerable.Range(0, C).Select(c => (double)logits[(n * C + c) * H * W + p])];
            Assert.Equal(Array.IndexOf(z, z.Max()), classes[i]);
            if (labels[i] != 255)
                expected -= Math.Log(Math.Exp(z[labels[i]]) / z.Sum(Math.Exp));
        }
        Assert.Equal(15, count);
        Assert.Equal(expected, sum, 1e-10);
    }
}
