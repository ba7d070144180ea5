using SpGpu.Gpu;
using SpGpu.Layers.Passes;
using SpGpu.Layers.Plans;

namespace SpGpu.Layers;

/// <summary>
/// A network as a graph of operators, declared once and compiled for any device and size. Layers are methods that
/// add nodes (<see cref="GraphLayers"/>); composite layers of one's own are ordinary methods that call them.
/// </summary>
public sealed class Graph
{
    /// <summary>The plane that stands for a free size while a graph is built.</summary>
    private const int PrototypeExtent = 1024;

    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Value> _inputs = [];
    private readonly Dictionary<string, Value> _outputs = [];
    private readonly OrderedDictionary<string, ParameterInfo> _parameters = [];

    /// <summary>The inputs by name.</summary>
    public IReadOnlyDictionary<string, Value> Inputs => _inputs;

    /// <summary>The outputs by name.</summary>
    public IReadOnlyDictionary<string, Value> Outputs => _outputs;

    /// <summary>Every parameter and buffer that the graph expects, in the order of its layers.</summary>
    public IReadOnlyList<ParameterInfo> Parameters => [.. _parameters.Values];

    internal IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>The numbers that training changes: without running statistics and counts of batches.</summary>
    public long ParameterCount => _parameters.Values.Where(parameter => parameter.IsTrained).Sum(parameter => (long)parameter.Count);

    /// <summary>Declares an input N,C,H,W; N and, where 0 is given, H and W are bound when the graph is compiled.</summary>
    /// <exception cref="ShapeException">The name is taken or an extent is not positive.</exception>
    public Value Input(string name, int channels, int height = 0, int width = 0)
    {
        var shape = new Shape(1, channels, height == 0 ? PrototypeExtent : height, width == 0 ? PrototypeExtent : width);
        var value = new Value(this, name, shape.Checked($"input '{name}'"));
        if (!_inputs.TryAdd(name, value))
            throw new ShapeException($"the graph has an input '{name}' already; give this one another name");
        return value;
    }

    /// <summary>Names a value as a result.</summary>
    /// <exception cref="ShapeException">The name is taken, or the value belongs to another graph.</exception>
    public void Output(string name, Value value)
    {
        Own(value);
        if (!_outputs.TryAdd(name, value))
            throw new ShapeException($"the graph has an output '{name}' already; give this one another name");
    }

    /// <summary>
    /// Floating-point operations of a run, as profiles count them; a multiply-add is two. Shapes alone decide: nothing is
    /// packed, and no device is needed.
    /// </summary>
    /// <param name="inputs">The shape N,C,H,W of every input that the outputs need.</param>
    /// <param name="outputs">The outputs that are wanted; none means all.</param>
    /// <exception cref="ShapeException">An output or an input is unknown, or a layer cannot take its shape.</exception>
    public long Operations(IReadOnlyCollection<(string Name, Shape Shape)> inputs, params IEnumerable<string> outputs) =>
        Operations(inputs, outputs, _ => true);

    /// <summary>Multiply-adds of the convolutions of a run, the number that publications give for a network.</summary>
    /// <param name="inputs">The shape N,C,H,W of every input that the outputs need.</param>
    /// <param name="outputs">The outputs that are wanted; none means all.</param>
    /// <exception cref="ShapeException">An output or an input is unknown, or a layer cannot take its shape.</exception>
    public long MultiplyAdds(IReadOnlyCollection<(string Name, Shape Shape)> inputs, params IEnumerable<string> outputs) =>
        Operations(inputs, outputs, specification => specification is Convolution) / 2;

    /// <summary>
    /// Bytes of activations that are alive at once in a run, as a plan keeps them where operators run one after another. What
    /// operators need inside, and parameters, come on top.
    /// </summary>
    /// <param name="inputs">The shape N,C,H,W of every input that the outputs need.</param>
    /// <param name="outputs">The outputs that are wanted; none means all.</param>
    /// <exception cref="ShapeException">An output or an input is unknown, or a layer cannot take its shape.</exception>
    public long ActivationBytes(IReadOnlyCollection<(string Name, Shape Shape)> inputs, params IEnumerable<string> outputs)
    {
        (NodeList run, Dictionary<Value, Shape> shapes) = Bind(inputs, outputs);
        var layout = new PlanLayout([.. run.InputsOf(this).Values], run.Nodes, run.Outputs, value => shapes[value], _ => false);
        return sizeof(float) * (long)layout.Length;
    }

    /// <summary>Adds an operator without parameters that has one output.</summary>
    internal Value Apply(Specification specification, string name, params ReadOnlySpan<Value> inputs) =>
        Add(new Node(name, specification, inputs.ToArray(), []))[0];

    /// <summary>Adds a node; its outputs are made here. Its shapes are checked for an input of arbitrary size.</summary>
    internal Value[] Add(Node node)
    {
        foreach (Value input in node.Inputs)
            Own(input);
        Shape[] shapes = node.Infer(value => value.Prototype);
        node = node with { Outputs = Array.ConvertAll(shapes, shape => new Value(this, node.Name, shape, node.Specification.OutputType)) };
        foreach (ParameterInfo parameter in node.Parameters?.Expected(node.Specification) ?? [])
        {
            if (!_parameters.TryAdd(parameter.Name, parameter))
                throw new ShapeException($"two layers are called '{node.Name}'; parameter names must differ");
        }
        _nodes.Add(node);
        return node.Outputs;
    }

    /// <summary>The names of all outputs where none is wanted by name.</summary>
    internal string[] Wanted(IEnumerable<string> outputs) => outputs.ToArray() is { Length: > 0 } names ? names : [.. _outputs.Keys];

    /// <summary>The output of a name.</summary>
    /// <exception cref="ShapeException">There is none.</exception>
    internal Value OutputNamed(string name) => _outputs.TryGetValue(name, out Value? value)
        ? value
        : throw new ShapeException($"the graph has no output '{name}'; it has {string.Join(", ", _outputs.Keys)}");

    private long Operations(
        IReadOnlyCollection<(string Name, Shape Shape)> inputs, IEnumerable<string> outputs, Predicate<Specification> counts)
    {
        (NodeList run, Dictionary<Value, Shape> shapes) = Bind(inputs, outputs);
        return run.Nodes.Where(node => counts(node.Specification))
            .Sum(node => node.Bind(value => shapes[value]).Operations([.. node.Inputs.Select(input => shapes[input])]));
    }

    private (NodeList Run, Dictionary<Value, Shape> Shapes) Bind(
        IReadOnlyCollection<(string Name, Shape Shape)> inputs, IEnumerable<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        NodeList run = InferencePasses.Run(this, Wanted(outputs).Select(OutputNamed));
        Dictionary<Value, Shape> shapes = InputShapes.Bind(run.InputsOf(this), inputs);
        InputShapes.Propagate(run.Nodes, shapes);
        return (run, shapes);
    }

    private void Own(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Graph != this)
            throw new ShapeException($"the value '{value.Name}' belongs to another graph");
    }
}
