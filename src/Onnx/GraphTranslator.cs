using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Passes;
using SpGpu.Onnx.Format;

namespace SpGpu.Onnx;

/// <summary>Walks a graph and writes down its nodes as those of ONNX.</summary>
internal sealed class GraphTranslator
{
    private readonly OnnxOptions _options;
    private readonly ParameterReader _parameters;
    private readonly NodeList _nodes;
    private readonly Dictionary<string, Value> _inputs;
    private readonly (string Name, Value Value)[] _outputs;
    private readonly Dictionary<Value, Shape> _shapes;
    private readonly Dictionary<Value, string> _names = [];
    private readonly ModelBuilder _model = new();

    public GraphTranslator(
        Graph graph, ITensorSource parameters, IReadOnlyCollection<(string Name, Shape Shape)> inputs, OnnxOptions options)
    {
        _options = options;
        _parameters = new ParameterReader(graph, parameters);
        (string Output, string Name)[] wanted = options.Outputs.Count > 0
            ? [.. options.Outputs]
            : [.. graph.Outputs.Keys.Select(name => (name, name))];
        _nodes = InferencePasses.Simplify(graph, wanted.Select(output => graph.OutputNamed(output.Output)));
        _outputs = [.. wanted.Select((output, i) => (output.Name, _nodes.Outputs[i]))];
        _inputs = _nodes.InputsOf(graph);
        _shapes = InputShapes.Bind(_inputs, inputs);
        InputShapes.Propagate(_nodes.Nodes, _shapes);
    }

    public Message Model()
    {
        foreach ((string name, Value value) in _inputs)
        {
            _model.Reserve(name);
            _names[value] = name;
        }
        foreach ((string name, Value value) in _outputs)
        {
            _model.Reserve(name);
            // A value that is an input, or an output already, gets its second name from a node of its own below.
            _names.TryAdd(value, name);
        }
        foreach (Node node in _nodes.Nodes)
            Translate(node);
        foreach ((string name, Value value) in _outputs)
        {
            if (_names[value] != name)
                _model.Node("Identity", name, [_names[value]], name);
        }
        Message graph = OnnxSchema.Graph(
            _options.Name, _model.Nodes, _model.Tensors,
            _inputs.Select(input => Describe(input.Key, input.Value)), _outputs.Select(output => Describe(output.Name, output.Value)));
        string version = typeof(GraphTranslator).Assembly.GetName().Version!.ToString(3);
        return OnnxSchema.Model(graph, OperatorTranslator.Opset, version, _options);
    }

    private void Translate(Node node)
    {
        foreach (string name in node.Parameters?.Needed ?? [])
            _parameters.Require(name);
        foreach (Value output in node.Outputs)
        {
            if (!_names.ContainsKey(output))
                _names[output] = _model.ValueName(output.Name);
        }
        new OperatorTranslator(_model, node, _parameters)
        {
            Inputs = [.. node.Inputs.Select(value => _names[value])],
            InputShapes = [.. node.Inputs.Select(value => _shapes[value])],
            Outputs = [.. node.Outputs.Select(value => _names[value])],
            OutputShapes = [.. node.Outputs.Select(value => _shapes[value])],
        }.Translate();
    }

    private Message Describe(string name, Value value) =>
        OnnxSchema.ValueInfo(name, _shapes[value], _options.ValueDescriptions.GetValueOrDefault(name));
}
