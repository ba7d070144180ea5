using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>
/// A tensor of a <see cref="Layers.Graph"/>: it knows its channels; N, H and W are bound when the graph is compiled.
/// </summary>
public sealed class Value
{
    internal Value(Graph graph, string name, Shape prototype, DataType type = DataType.Float32)
    {
        Graph = graph;
        Name = name;
        Prototype = prototype;
        Type = type;
    }

    /// <summary>The graph that it belongs to.</summary>
    public Graph Graph { get; }

    /// <summary>The name of the layer that makes it, or of the input.</summary>
    public string Name { get; }

    /// <summary>The number of channels.</summary>
    public int Channels => Prototype.C;

    /// <summary>The shape for an input of arbitrary size, which finds errors before sizes are known.</summary>
    internal Shape Prototype { get; }

    /// <summary>What its elements are.</summary>
    internal DataType Type { get; }

    /// <summary>The elementwise sum of two values of one shape.</summary>
    public static Value operator +(Value left, Value right) => Add(left, right);

    /// <summary>The elementwise product of two values of one shape.</summary>
    public static Value operator *(Value left, Value right) => Multiply(left, right);

    /// <summary>The elementwise sum of two values of one shape.</summary>
    /// <exception cref="ShapeException">Their shapes differ, or they belong to different graphs.</exception>
    public static Value Add(Value left, Value right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.Graph.Apply(new Pointwise(PointwiseKind.Add), $"{left.Name}+", left, right);
    }

    /// <summary>The elementwise product of two values of one shape.</summary>
    /// <exception cref="ShapeException">Their shapes differ, or they belong to different graphs.</exception>
    public static Value Multiply(Value left, Value right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.Graph.Apply(new Pointwise(PointwiseKind.Multiply), $"{left.Name}*", left, right);
    }

    /// <summary>Its kind and name: <c>Value layer1.0.conv1</c>.</summary>
    public override string ToString() => $"Value {Name}";
}
