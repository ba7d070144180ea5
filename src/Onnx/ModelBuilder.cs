using SpGpu.Gpu;
using SpGpu.Onnx.Format;

namespace SpGpu.Onnx;

/// <summary>Collects the nodes and tensors of an ONNX graph and keeps their names apart.</summary>
internal sealed class ModelBuilder
{
    private readonly List<Message> _nodes = [];
    private readonly List<Message> _tensors = [];
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _valueNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);

    public IReadOnlyList<Message> Nodes => _nodes;

    public IReadOnlyList<Message> Tensors => _tensors;

    /// <summary>Takes a name that must be as given: of an input or an output.</summary>
    /// <exception cref="ShapeException">It is taken.</exception>
    public void Reserve(string name)
    {
        if (!_valueNames.Add(name))
            throw new ShapeException($"two inputs or outputs would be called '{name}' in the ONNX file; name them apart");
    }

    /// <summary>The name of a value: the given one, or with a number behind it where that is taken.</summary>
    public string ValueName(string name) => Unique(_valueNames, name);

    /// <summary>Adds a node with one output.</summary>
    public void Node(string type, string name, string[] inputs, string output, params (string Name, object Value)[] attributes) =>
        _nodes.Add(OnnxSchema.Node(type, Unique(_nodeNames, name), inputs, output, attributes));

    /// <summary>Adds a tensor and returns its name; its elements are asked for when the file is written.</summary>
    public string Tensor(string name, IReadOnlyList<int> shape, Elements<float> elements)
    {
        string unique = ValueName(name);
        _tensors.Add(OnnxSchema.Tensor(unique, shape, elements));
        return unique;
    }

    /// <summary>A tensor that several nodes may share, known by its name.</summary>
    public string Constant(string name, IReadOnlyList<int> shape, Elements<float> elements)
    {
        if (!_constants.TryGetValue(name, out string? unique))
            _constants[name] = unique = Tensor(name, shape, elements);
        return unique;
    }

    /// <summary>The extents of a shape as a tensor that several nodes may share.</summary>
    public string Extents(Shape shape)
    {
        string name = $"shape_{shape}";
        if (!_constants.TryGetValue(name, out string? unique))
        {
            _constants[name] = unique = ValueName(name);
            _tensors.Add(OnnxSchema.Tensor<long>(unique, [4], () => (long[])[shape.N, shape.C, shape.H, shape.W]));
        }
        return unique;
    }

    private static string Unique(HashSet<string> taken, string name)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
            unique = FormattableString.Invariant($"{name}_{i}");
        return unique;
    }
}
