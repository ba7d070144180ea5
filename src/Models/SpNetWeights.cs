using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>The parameters of an SPNet in host memory, compared with those that its architecture has.</summary>
/// <param name="Architecture">Widths, depths, placement.</param>
/// <param name="State">The parameters by PyTorch's names.</param>
/// <param name="Report">How a file's parameters differed from the expected ones.</param>
public sealed record SpNetWeights(SpNetArchitecture Architecture, StateDict State, LoadReport Report)
{
    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">A <c>.pth</c> or <c>.safetensors</c> file.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">
    /// Whether every key must be there and none too many. Otherwise missing and mis-shaped parameters take their
    /// initial values, and <see cref="Report"/> says which.
    /// </param>
    /// <exception cref="WeightsException">The file cannot be read or does not fit.</exception>
    public static SpNetWeights Load(string path, SpNetArchitecture? architecture = null, bool strict = true)
    {
        StateDict state = WeightsFile.Read(path);
        architecture ??= ArchitectureReader.Read(state, path);
        Graph graph = SpNetGraph.Build(architecture);
        // The class weights of the training criterion are stored beside the network's own.
        StateDict own = Where(state, name => !name.StartsWith("criterion.", StringComparison.Ordinal));
        LoadReport report = Compare(own, graph);
        if (strict)
            report.ThrowIfInexact(path);
        else if (!report.IsExact)
            own = Complete(own, graph, report);
        return new SpNetWeights(architecture, own, report);
    }

    /// <summary>The official initial values, for demonstrations and timing.</summary>
    public static SpNetWeights Random(SpNetArchitecture architecture, int seed = 0)
    {
        Graph graph = SpNetGraph.Build(architecture);
        StateDict state = Initializer.Initialize(graph, seed);
        return new SpNetWeights(architecture, state, Compare(state, graph));
    }

    internal static LoadReport Compare(StateDict state, Graph graph) =>
        LoadReport.Compare(state, [.. graph.Parameters.Select(p => (p.Name, p.Shape.ToArray()))]);

    private static StateDict Where(StateDict state, Func<string, bool> keep)
    {
        var kept = new StateDict { Metadata = state.Metadata };
        foreach ((string name, HostTensor tensor) in state)
        {
            if (keep(name))
                kept[name] = tensor;
        }
        return kept;
    }

    private static StateDict Complete(StateDict state, Graph graph, LoadReport report)
    {
        var replaced = report.MisShaped.Select(mismatch => mismatch.Name).ToHashSet();
        StateDict complete = Initializer.Initialize(graph, seed: 0);
        foreach ((string name, HostTensor tensor) in state)
        {
            if (!replaced.Contains(name) && complete.TryGet(name, out _))
                complete[name] = tensor;
        }
        return complete;
    }
}
