using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// The official initial values, from a seed: the backbone's convolutions from N(0, 2 / (kh * kw * out)), everything
/// else PyTorch's default U(-1, 1) / sqrt(fan-in); batch norm at 1 and 0. Each tensor has its own stream of numbers,
/// keyed by seed and name, so that it does not depend on what else the network holds.
/// </summary>
public static class Initializer
{
    /// <summary>Values for every parameter and buffer of a graph.</summary>
    public static StateDict Initialize(Graph graph, int seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return StateDict.Load(new InitialTensors(graph, seed));
    }
}
