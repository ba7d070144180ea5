using System.Globalization;
using SpGpu.Gpu;

namespace SpGpu.Onnx.Format;

/// <summary>
/// The messages of an ONNX file (onnx.proto of the ONNX specification, IR version 7) by their field numbers.
/// </summary>
internal static class OnnxSchema
{
    private const int IrVersion = 7;

    /// <summary>TensorProto.DataType.</summary>
    private const int Float = 1;
    private const int Int64 = 7;

    /// <summary>AttributeProto.AttributeType.</summary>
    private const int IntAttribute = 2;
    private const int FloatAttribute = 1;
    private const int StringAttribute = 3;
    private const int IntsAttribute = 7;

    public static Message Model(Message graph, int opset, string producerVersion, OnnxOptions options)
    {
        Message model = new Message()
            .Add(1, IrVersion)
            .Add(2, "SpGpu")
            .Add(3, producerVersion);
        if (options.Description.Length > 0)
            model.Add(6, options.Description);
        model.Add(7, graph).Add(8, new Message().Add(1, "").Add(2, opset));
        // In a fixed order, so that the same network is the same file.
        foreach ((string key, string value) in options.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            model.Add(14, new Message().Add(1, key).Add(2, value));
        return model;
    }

    public static Message Graph(
        string name, IEnumerable<Message> nodes, IEnumerable<Message> tensors, IEnumerable<Message> inputs, IEnumerable<Message> outputs)
    {
        var graph = new Message();
        foreach (Message node in nodes)
            graph.Add(1, node);
        graph.Add(2, name);
        foreach (Message tensor in tensors)
            graph.Add(5, tensor);
        foreach (Message input in inputs)
            graph.Add(11, input);
        foreach (Message output in outputs)
            graph.Add(12, output);
        return graph;
    }

    public static Message Node(
        string type, string name, IEnumerable<string> inputs, string output, IEnumerable<(string Name, object Value)> attributes)
    {
        var node = new Message();
        foreach (string input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, name).Add(4, type);
        foreach ((string key, object value) in attributes)
            node.Add(5, Attribute(key, value));
        return node;
    }

    /// <summary>A tensor of floats or 64-bit integers.</summary>
    public static Message Tensor<T>(string name, IReadOnlyList<int> shape, Elements<T> elements) where T : unmanaged
    {
        var tensor = new Message();
        foreach (int extent in shape)
            tensor.Add(1, extent);
        long count = shape.Aggregate(1L, (product, extent) => product * extent);
        return tensor.Add(2, typeof(T) == typeof(float) ? Float : Int64).Add(8, name).Add(9, count, elements);
    }

    /// <summary>An input or output: floats of a fixed shape.</summary>
    public static Message ValueInfo(string name, Shape shape, string? description)
    {
        var extents = new Message();
        foreach (int extent in (int[])[shape.N, shape.C, shape.H, shape.W])
            extents.Add(1, new Message().Add(1, extent));
        Message type = new Message().Add(1, new Message().Add(1, Float).Add(2, extents));
        Message info = new Message().Add(1, name).Add(2, type);
        return description is null ? info : info.Add(3, description);
    }

    private static Message Attribute(string name, object value)
    {
        Message attribute = new Message().Add(1, name);
        switch (value)
        {
            case int number:
                return attribute.Add(3, number).Add(20, IntAttribute);
            case float number:
                return attribute.Add(2, number).Add(20, FloatAttribute);
            case string text:
                return attribute.Add(4, text).Add(20, StringAttribute);
            case int[] numbers:
                foreach (int number in numbers)
                    attribute.Add(8, number);
                return attribute.Add(20, IntsAttribute);
            default:
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"an attribute cannot hold {value}"),
                    nameof(value));
        }
    }
}
