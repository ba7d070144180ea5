using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using Xunit;

namespace SpGpu.Onnx.Tests;

/// <summary>Networks for the tests, and what SpGpu itself computes with them.</summary>
internal static class Networks
{
    /// <summary>Initial values, with batch norms that change something.</summary>
    public static StateDict State(Graph graph)
    {
        StateDict state = Initializer.Initialize(graph, seed: 5);
        var random = new Random(7);
        foreach (ParameterInfo parameter in graph.Parameters)
        {
            if (parameter.Shape.Count == 1)
            {
                bool isPositive = parameter.Name.EndsWith("weight", StringComparison.Ordinal)
                    || parameter.Name.EndsWith("running_var", StringComparison.Ordinal);
                float[] values = [.. Enumerable.Range(0, parameter.Shape[0])
                    .Select(_ => isPositive ? 0.5f + random.NextSingle() : random.NextSingle() - 0.5f)];
                state[parameter.Name] = new HostTensor(values, parameter.Shape);
            }
        }
        return state;
    }

    public static HostTensor Input(params int[] shape) =>
        new([
            .. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => MathF.Sin(i * 0.37f) + MathF.Cos(i * 0.0113f))], shape);

    public static byte[] Export(Graph graph, StateDict state, OnnxOptions? options = null, params (string Name, HostTensor Tensor)[] inputs)
    {
        using var stream = new MemoryStream();
        graph.ExportOnnx(stream, state, [.. inputs.Select(input => (input.Name, new Shape(
            input.Tensor.Shape[0], input.Tensor.Shape[1], input.Tensor.Shape[2], input.Tensor.Shape[3])))], options);
        return stream.ToArray();
    }

    /// <summary>Demands that ONNX Runtime computes from the exported graph what SpGpu does from the graph.</summary>
    public static byte[] Agree(Graph graph, params (string Name, HostTensor Tensor)[] inputs)
    {
        StateDict state = State(graph);
        byte[] model = Export(graph, state, null, inputs);
        using var device = Device.Open("cpu", new() { Threads = 1 });
        using var network = new Network(graph, state, device);
        IReadOnlyDictionary<string, HostTensor> expected = network.Run(inputs);
        using var runtime = new RuntimeModel(model);
        Dictionary<string, HostTensor> actual = runtime.Run([.. inputs.Where(input => runtime.Inputs.ContainsKey(input.Name))]);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach ((string name, HostTensor tensor) in expected)
            Same(tensor, actual[name]);
        return model;
    }

    /// <summary>Demands equal shapes and values within 2e-4 of the largest.</summary>
    public static void Same(HostTensor expected, HostTensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        float largest = expected.Floats.Max(MathF.Abs);
        Assert.True(largest > 0, "only zeros show nothing");
        Assert.InRange(expected.Floats.Zip(actual.Floats, (e, a) => MathF.Abs(e - a)).Max() / largest, 0, 2e-4);
    }
}
