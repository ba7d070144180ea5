using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Cli.Verbs;

/// <summary>Counts the work of a network.</summary>
internal static class Workload
{
    /// <summary>
    /// Multiply-adds of all convolutions for one picture, without the auxiliary head. Only shapes count, so that a file
    /// need not be complete, and one that claims large ones takes no memory.
    /// </summary>
    /// <exception cref="ShapeException">The network cannot take the size.</exception>
    public static long MultiplyAdds(SpNetArchitecture architecture, Size2D size) =>
        SpNetGraph.Build(architecture).MultiplyAdds("score", ("image", new Shape(1, 3, size.Height, size.Width)));
}
