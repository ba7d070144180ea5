using SpGpu.Gpu;
using SpGpu.Layers.Passes;

namespace SpGpu.Layers;

/// <summary>Counts the work of a graph from shapes alone: nothing is packed, and no device is needed.</summary>
public static class GraphWork
{
    /// <summary>Multiply-adds of the convolutions that an output needs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="output">The output.</param>
    /// <param name="inputs">The shape N,C,H,W of every input that the output needs.</param>
    /// <exception cref="ShapeException">The output or an input is unknown, or a layer cannot take its shape.</exception>
    public static long MultiplyAdds(this Graph graph, string output, params IReadOnlyCollection<(string Name, Shape Shape)> inputs)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        var needed = new NodeList(graph.Nodes, [graph.OutputNamed(output)]);
        InferencePasses.RemoveUnused(needed);
        Dictionary<Value, Shape> shapes = InputShapes.Bind(needed.InputsOf(graph), inputs);
        InputShapes.Propagate(needed.Nodes, shapes);
        return needed.Nodes.Where(node => node.Specification is Convolution)
            .Sum(node => node.Specification.Operations([.. node.Inputs.Select(input => shapes[input])])) / 2;
    }
}
