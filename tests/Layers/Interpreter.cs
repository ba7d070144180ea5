using SpGpu.Gpu;

namespace SpGpu.Layers.Tests;

/// <summary>Runs a graph node by node, each in a tensor of its own, without passes and planning.</summary>
internal static class Interpreter
{
    public static float[] Run(Graph graph, StateDict state, HostTensor input)
    {
        using var device = Device.Open("cpu", new() { Threads = 1 });
        var values = new Dictionary<Value, Tensor>();
        Tensor x = Tensor.Allocate(device, new Shape(input.Shape[0], input.Shape[1], input.Shape[2], input.Shape[3]));
        x.Upload<float>(input.Floats);
        values[graph.Inputs["x"]] = x;
        var reader = new ParameterReader(graph, state);
        foreach (Node node in graph.Nodes)
        {
            Tensor[] inputs = [.. node.Inputs.Select(value => values[value])];
            Shape[] shapes = [.. inputs.Select(tensor => tensor.Shape)];
            PackedWeights? weights = node.Parameters?.Pack(device.Operators, node.Specification, reader);
            Tensor[] outputs = [.. node.Specification.Infer(shapes).Select(shape => Tensor.Allocate(device, shape))];
            device.Operators.Prepare(node.Specification, shapes, weights).Run(inputs, outputs);
            weights?.Dispose();
            for (int i = 0; i < outputs.Length; i++)
                values[node.Outputs[i]] = outputs[i];
        }
        Tensor result = values[graph.Outputs["y"]];
        var data = new float[result.Shape.Count];
        result.Download<float>(data);
        foreach (Tensor tensor in values.Values)
            tensor.Memory.Dispose();
        return data;
    }
}
