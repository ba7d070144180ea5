using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>From the shapes of a network's inputs to those of all its values.</summary>
internal static class InputShapes
{
    /// <summary>Binds shapes, given by name, to inputs.</summary>
    /// <exception cref="ShapeException">An input is missing, unknown, too large or has other channels.</exception>
    public static Dictionary<Value, Shape> Bind(
        IReadOnlyDictionary<string, Value> inputs, IReadOnlyCollection<(string Name, Shape Shape)> given)
    {
        var shapes = new Dictionary<Value, Shape>();
        foreach ((string name, Shape shape) in given)
        {
            if (!inputs.TryGetValue(name, out Value? value))
                throw new ShapeException($"the network has no input '{name}'; it has {string.Join(", ", inputs.Keys)}");
            if (shape.C != value.Channels)
                throw new ShapeException($"input '{name}' has {value.Channels} channels, {shape} was given");
            shapes[value] = shape.Checked($"input '{name}'");
        }
        foreach ((string name, Value value) in inputs)
        {
            if (!shapes.ContainsKey(value))
                throw new ShapeException($"input '{name}' is missing");
        }
        return shapes;
    }

    /// <summary>Adds the shapes of the nodes' outputs.</summary>
    /// <exception cref="ShapeException">A layer cannot take its shape or its result is too large.</exception>
    public static void Propagate(IEnumerable<Node> nodes, Dictionary<Value, Shape> shapes)
    {
        foreach (Node node in nodes)
        {
            Shape[] inferred = node.Infer(value => shapes[value]);
            for (int i = 0; i < inferred.Length; i++)
                shapes[node.Outputs[i]] = inferred[i].Checked($"layer '{node.Name}'");
        }
    }
}
