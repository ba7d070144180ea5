using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>One operator of a graph: what it computes, from which values, into which.</summary>
internal sealed record Node(string Name, Specification Specification, Value[] Inputs, Value[] Outputs)
{
    /// <summary>Where the operator's parameters come from; null where it has none.</summary>
    public LayerParameters? Parameters { get; init; }

    /// <summary>A value whose plane gives the size of the output (bilinear only).</summary>
    public Value? SizeOf { get; init; }

    /// <summary>The specification for given shapes, with an output size taken from <see cref="SizeOf"/>.</summary>
    public Specification Bind(Func<Value, Shape> shapes) =>
        SizeOf is null ? Specification : ((Bilinear)Specification) with { Output = (shapes(SizeOf).H, shapes(SizeOf).W) };

    /// <summary>The shapes of the outputs; errors name the layer.</summary>
    public Shape[] Infer(Func<Value, Shape> shapes)
    {
        try
        {
            return Bind(shapes).Infer(Array.ConvertAll(Inputs, value => shapes(value)));
        }
        catch (ShapeException error)
        {
            throw new ShapeException($"layer '{Name}': {error.Message}", error);
        }
    }
}
