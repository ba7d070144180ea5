using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// The official initial values, from a seed: the backbone's convolutions from N(0, 2 / (kh * kw * out of a group)), everything
/// else PyTorch's default U(-1, 1) / sqrt(fan-in); norms at 1 and 0, layer scales at 0.01. Each tensor has its own stream of numbers,
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
