using SpGpu.Gpu;
using SpGpu.Layers.Passes;

namespace SpGpu.Layers.Training;

/// <summary>
/// All operators of one training step for given input shapes: forward, whatever turns results into gradients, and
/// backward.
/// </summary>
internal sealed class StepTape
{
    private readonly Graph _graph;
    private readonly Tape _tape;
    private readonly ParameterValues _parameters;
    private readonly ForwardPass _forward;
    private readonly Node[] _nodes;
    private readonly HashSet<Value> _wanted;
    private readonly Dictionary<string, Value> _inputs = [];
    private readonly Dictionary<string, Value> _outputs = [];

    /// <param name="graph">The graph.</param>
    /// <param name="memory">Parameters and gradients.</param>
    /// <param name="shapes">The shapes of the graph's inputs, by name.</param>
    /// <param name="outputs">The outputs of the graph that are needed.</param>
    /// <param name="frozenStatistics">Whether batch norms use running statistics as constants.</param>
    /// <param name="withInputs">Whether the gradients of the graph's inputs are wanted.</param>
    /// <param name="group">The processes over whose batches batch norms take statistics; null where each batch stands for itself.</param>
    public StepTape(
        Graph graph, ParameterMemory memory, IReadOnlyDictionary<string, Shape> shapes, IEnumerable<string> outputs,
        bool frozenStatistics, bool withInputs, IProcessGroup? group = null)
    {
        _graph = graph;
        _tape = new Tape(graph);
        _parameters = new ParameterValues(_tape, memory.Layout, memory.Values, memory.Gradients);
        _forward = new ForwardPass(_tape, _parameters, frozenStatistics, group);
        var list = new NodeList(graph.Nodes, outputs.Select(name => graph.Outputs[name]));
        InferencePasses.RemoveUnused(list);
        _nodes = [.. list.Nodes];
        foreach ((string name, Shape shape) in shapes)
        {
            _tape.Bind(graph.Inputs[name], shape);
            _inputs[name] = graph.Inputs[name];
        }
        _wanted = withInputs ? [.. _inputs.Values] : [];
        foreach (Node node in _nodes)
        {
            _forward.Write(node);
            if (node.Parameters is not null || node.Inputs.Any(_wanted.Contains))
                _wanted.UnionWith(node.Outputs);
        }
        Dropouts = [.. _forward.Masks.Keys.Select(node => (Dropout2d)node.Specification)];
        foreach (Value mask in _forward.Masks.Values)
            _inputs[MaskName(_inputs.Count - shapes.Count)] = mask;
    }

    /// <summary>The values that are written from outside, by name.</summary>
    public IReadOnlyDictionary<string, Value> Inputs => _inputs;

    /// <summary>The values that are read from outside, by name.</summary>
    public IReadOnlyDictionary<string, Value> Outputs => _outputs;

    /// <summary>The dropouts in the order of the graph; the mask of number i is the input "mask i".</summary>
    public IReadOnlyList<Dropout2d> Dropouts { get; }

    /// <summary>The name of the mask of dropout number <paramref name="index"/>.</summary>
    public static string MaskName(int index) => FormattableString.Invariant($"mask {index}");

    /// <summary>Declares a value that is written from outside.</summary>
    public Value Input(string name, Shape shape, DataType type = DataType.Float32) => _inputs[name] = _tape.Input(name, shape, type);

    /// <summary>Declares a value that lies in memory of its own.</summary>
    public Value Beside(string name, Tensor tensor) => _parameters.Beside(name, tensor);

    /// <summary>Names a value that is read from outside.</summary>
    public void Output(string name, Value value) => _outputs[name] = value;

    /// <summary>The shape of an output of the graph.</summary>
    public Shape ShapeOf(string output) => _tape.ShapeOf(_graph.Outputs[output]);

    /// <summary>Writes a loss of an output of the graph, and returns its value and its gradient by the output.</summary>
    public (Value Loss, Value Gradient) Loss(LossTerm term, TrainingOptions options, Value labels, Value? classWeights)
    {
        Value logits = _graph.Outputs[term.Output];
        var entropy = new CrossEntropy(options.Ignored, classWeights is not null, options.Resize);
        Value[] weights = classWeights is null ? [] : [classWeights];
        Value[] results = _tape.Add($"{term.Output} loss", entropy, [logits, labels, .. weights]);
        if (options.Mining is not null)
        {
            HardExamples mining = options.Mining with { Rule = options.Resize };
            // Without a number of pixels that stay, each is judged by itself.
            Specification hard = options.Group is { } all && mining.MinKept > 0 ? new GroupHardExamples(all, mining) : mining;
            labels = _tape.Single($"{term.Output} hard examples", hard, logits, labels, results[1]);
            results = _tape.Add($"{term.Output} loss", entropy, [logits, labels, .. weights]);
        }
        if (options.Group is { } group)
            results = [_tape.Single($"{term.Output} loss of all", new GroupLoss(group), results[0]), results[1]];
        var gradient = new CrossEntropyGradient(entropy, (float)(term.Factor / options.AccumulationSteps));
        return (results[0], _tape.Single($"{term.Output} loss gradient", gradient, [logits, labels, .. results, .. weights]));
    }

    /// <summary>Writes the backward pass.</summary>
    /// <param name="gradients">The gradients to start from, by output of the graph.</param>
    /// <param name="recompute">Whether what lies between outputs of the graph is computed a second time.</param>
    public void Backward(IEnumerable<(string Output, Value Gradient)> gradients, bool recompute)
    {
        var backward = new BackwardPass(_tape, _forward, _parameters, _wanted);
        foreach ((string output, Value gradient) in gradients)
            backward.Contribute(_graph.Outputs[output], gradient);
        var kept = _graph.Outputs.Values.ToHashSet();
        List<Node[]> segments = Segments(kept);
        for (int i = segments.Count - 1; i >= 0; i--)
        {
            // What the last segment has made is still there.
            if (recompute && i < segments.Count - 1)
                backward.Recompute(segments[i], kept);
            foreach (Node node in segments[i].Reverse())
                backward.Write(node);
        }
        foreach ((string name, Value value) in _graph.Inputs)
        {
            if (backward.Gradient(value) is { } gradient)
                _outputs[$"{name} gradient"] = gradient;
        }
    }

    /// <summary>Compiles what has been written.</summary>
    public Plans.Plan Compile(Device device)
    {
        _tape.RemoveUnused(_outputs.Values);
        return new Plans.Plan(
            device, _tape.Nodes, _inputs, _outputs, _inputs.Values.ToDictionary(value => value, _tape.ShapeOf),
            _ => null, _parameters.Elsewhere);
    }

    /// <summary>The nodes of the graph, cut behind every output.</summary>
    private List<Node[]> Segments(HashSet<Value> boundaries)
    {
        var segments = new List<Node[]>();
        int start = 0;
        for (int i = 0; i < _nodes.Length; i++)
        {
            if (i < _nodes.Length - 1 && !_nodes[i].Outputs.Any(boundaries.Contains))
                continue;
            segments.Add(_nodes[start..(i + 1)]);
            start = i + 1;
        }
        return segments;
    }
}
