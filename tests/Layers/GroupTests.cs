using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>A block of a small network, depthwise and in groups, against plain sums in double precision.</summary>
public class GroupTests
{
    private static readonly Shape _x = new(2, 4, 9, 11);

    [Fact]
    public void ABlockIsItsFormula()
    {
        Graph graph = Block();
        StateDict state = TrainingTests.Values(graph, seed: 3);
        var random = new Random(4);
        float[] x = [.. Enumerable.Range(0, (int)_x.Count).Select(_ => 2 * random.NextSingle() - 1)];
        using var device = Device.Open("cpu");
        using var network = new Network(graph, state, device);
        HostTensor y = network.Run([("x", new HostTensor(x, _x.N, _x.C, _x.H, _x.W))])["y"];

        double[] expected = [.. Array.ConvertAll(x, value => (double)value)];
        (expected, Shape shape) = Convolve(expected, _x, state, "down.0", groups: 4, kernel: 3, stride: 2, padding: 1);
        Normalize(expected, shape, state, "down.1");
        (expected, shape) = Convolve(expected, shape, state, "mix", groups: 2, kernel: 1, stride: 1, padding: 0);
        Assert.Equal([shape.N, shape.C, shape.H, shape.W], y.Shape);
        Assert.All(expected.Zip(y.Floats), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void FiltersHaveTheShapesOfPyTorch()
    {
        Graph graph = Block();
        Assert.Equal([8, 1, 3, 3], graph.Parameters.Single(parameter => parameter.Name == "down.0.weight").Shape);
        Assert.Equal([6, 4, 1, 1], graph.Parameters.Single(parameter => parameter.Name == "mix.weight").Shape);
        StateDict state = TrainingTests.Values(graph, seed: 3);
        state["mix.weight"] = new HostTensor(new float[6 * 8], 6, 8, 1, 1);
        using var device = Device.Open("cpu");
        Assert.Contains("'mix.weight' has shape",
            Assert.Throws<WeightsException>(() => new Network(graph, state, device).Run([("x", new HostTensor(new float[4], 1, 4, 1, 1))]))
                .Message, StringComparison.Ordinal);
    }

    private static Graph Block()
    {
        var graph = new Graph();
        Value x = graph.ConvBnRelu(graph.Input("x", 4), "down", 8, 3, stride: 2, groups: 4);
        graph.Output("y", graph.Conv(x, "mix", 6, 1, groups: 2));
        return graph;
    }

    private static (double[] Values, Shape Shape) Convolve(
        double[] x, Shape input, StateDict state, string name, int groups, int kernel, int stride, int padding)
    {
        HostTensor filter = state[$"{name}.weight"];
        (int outputs, int channels) = (filter.Shape[0], filter.Shape[1]);
        var shape = new Shape(
            input.N, outputs, (input.H + 2 * padding - kernel) / stride + 1, (input.W + 2 * padding - kernel) / stride + 1);
        var y = new double[shape.Count];
        for (int at = 0; at < y.Length; at++)
        {
            (int plane, int i, int j) = (at / shape.Plane, at % shape.Plane / shape.W, at % shape.W);
            (int n, int o) = (plane / outputs, plane % outputs);
            y[at] = state.TryGet($"{name}.bias", out HostTensor? bias) ? bias.Floats[o] : 0;
            for (int tap = 0; tap < channels * kernel * kernel; tap++)
            {
                int c = o / (outputs / groups) * channels + tap / (kernel * kernel);
                (int row, int column) = (i * stride - padding + tap / kernel % kernel, j * stride - padding + tap % kernel);
                if (row < 0 || row >= input.H || column < 0 || column >= input.W)
                    continue;
                double value = x[((n * input.C + c) * input.H + row) * input.W + column];
                y[at] += filter.Floats[o * channels * kernel * kernel + tap] * value;
            }
        }
        return (y, shape);
    }

    /// <summary>Batch norm of the running statistics, and relu.</summary>
    private static void Normalize(double[] x, Shape shape, StateDict state, string name)
    {
        float[][] norm =
            [.. new[] { "weight", "bias", "running_mean", "running_var" }.Select(suffix => state[$"{name}.{suffix}"].Floats.ToArray())];
        for (int at = 0; at < x.Length; at++)
        {
            int c = at / shape.Plane % shape.C;
            x[at] = Math.Max(0, (x[at] - norm[2][c]) / Math.Sqrt(norm[3][c] + 1e-5) * norm[0][c] + norm[1][c]);
        }
    }
}
