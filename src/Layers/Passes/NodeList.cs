namespace SpGpu.Layers.Passes;

/// <summary>The nodes of a graph in order of execution while passes rewrite them.</summary>
internal sealed class NodeList
{
    private readonly HashSet<Value> _outputs;

    public NodeList(IEnumerable<Node> nodes, IEnumerable<Value> outputs)
    {
        Nodes = [.. nodes];
        Outputs = [.. outputs];
        _outputs = [.. Outputs];
    }

    public List<Node> Nodes { get; }

    /// <summary>The wanted results.</summary>
    public List<Value> Outputs { get; }

    /// <summary>The node that makes a value; null for an input of the graph.</summary>
    public Node? Producer(Value value) => Nodes.Find(node => node.Outputs.Contains(value));

    /// <summary>
    /// The node that makes a value which nobody else reads and which is no result: it may be merged with its reader.
    /// </summary>
    public Node? SoleProducer(Value value) =>
        !_outputs.Contains(value) && Nodes.Sum(node => node.Inputs.Count(input => input == value) + (node.SizeOf == value ? 1 : 0)) == 1
            ? Producer(value)
            : null;

    /// <summary>The inputs of the graph that the nodes read or take a size from, by name.</summary>
    public Dictionary<string, Value> InputsOf(Graph graph)
    {
        var read = Nodes.SelectMany(node => node.SizeOf is null ? node.Inputs : [.. node.Inputs, node.SizeOf]).Concat(Outputs).ToHashSet();
        var inputs = new Dictionary<string, Value>();
        foreach ((string name, Value value) in graph.Inputs)
        {
            if (read.Contains(value))
                inputs[name] = value;
        }
        return inputs;
    }

    /// <summary>Makes every reader of one value read another.</summary>
    public void Replace(Value value, Value by)
    {
        for (int i = 0; i < Nodes.Count; i++)
        {
            Node node = Nodes[i];
            if (node.Inputs.Contains(value) || node.SizeOf == value)
            {
                Nodes[i] = node with
                {
                    Inputs = [.. node.Inputs.Select(input => input == value ? by : input)],
                    SizeOf = node.SizeOf == value ? by : node.SizeOf,
                };
            }
        }
        for (int i = 0; i < Outputs.Count; i++)
            Outputs[i] = Outputs[i] == value ? by : Outputs[i];
        if (_outputs.Remove(value))
            _outputs.Add(by);
    }

    /// <summary>Merges a producer into its reader: one node stands where the reader stood and makes the reader's outputs.</summary>
    public void Merge(Node producer, Node reader, Node merged)
    {
        Nodes[Nodes.IndexOf(reader)] = merged with { Outputs = reader.Outputs };
        Nodes.Remove(producer);
    }
}
