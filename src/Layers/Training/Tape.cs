using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// The operators of a training step as they are written down, forward then backward, for inputs of known shape.
/// </summary>
internal sealed class Tape(Graph graph)
{
    private readonly Dictionary<Value, Shape> _shapes = [];
    private readonly List<Node> _nodes = [];

    /// <summary>The operators so far, in order.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>The shape of a value on the tape.</summary>
    public Shape ShapeOf(Value value) => _shapes[value];

    /// <summary>A value that comes from outside.</summary>
    public Value Input(string name, Shape shape, DataType type = DataType.Float32)
    {
        var value = new Value(graph, name, shape, type);
        Bind(value, shape);
        return value;
    }

    /// <summary>Says what shape a value of the graph has.</summary>
    public void Bind(Value value, Shape shape) => _shapes[value] = shape.Checked($"'{value.Name}'");

    /// <summary>Writes down an operator and returns its results.</summary>
    public Value[] Add(string name, Specification specification, params ReadOnlySpan<Value> inputs)
    {
        var node = new Node(name, specification, inputs.ToArray(), []);
        Value[] outputs = [.. node.Infer(ShapeOf).Select(shape => Input(name, shape, specification.OutputType))];
        _nodes.Add(node with { Outputs = outputs });
        return outputs;
    }

    /// <summary>Writes down an operator with one result.</summary>
    public Value Single(string name, Specification specification, params ReadOnlySpan<Value> inputs) =>
        Add(name, specification, inputs)[0];

    /// <summary>Writes down an operator that writes to values which are there already, or are given their shape here.</summary>
    public void AddInto(string name, Specification specification, Value[] inputs, Value[] outputs)
    {
        var node = new Node(name, specification, inputs, outputs);
        foreach ((Value output, Shape shape) in outputs.Zip(node.Infer(ShapeOf)))
            Bind(output, shape);
        _nodes.Add(node);
    }

    /// <summary>Takes out what neither the results nor anything that is updated needs.</summary>
    public void RemoveUnused(IEnumerable<Value> results)
    {
        var needed = new HashSet<Value>(results);
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            Node node = _nodes[i];
            bool updates = Enumerable.Range(0, node.Outputs.Length).Any(node.Specification.Updates);
            if (updates || node.Outputs.Any(needed.Contains))
                needed.UnionWith(node.Inputs);
            else
                _nodes.RemoveAt(i);
        }
    }
}
