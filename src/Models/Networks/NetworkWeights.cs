using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>Where a network takes its parameters from, compared with those that its architecture has.</summary>
/// <param name="Architecture">What the network is.</param>
/// <param name="State">The parameters by PyTorch's names. Those of a file are read from it when they are asked for.</param>
/// <param name="Report">How a file's parameters differed from the expected ones.</param>
public sealed record NetworkWeights(SegmentationArchitecture Architecture, ITensorSource State, LoadReport Report)
{
    /// <summary>What training keeps beside the network's own tensors: the class weights of its criterion.</summary>
    internal const string CriterionPrefix = "criterion.";

    /// <summary>What the file says of the classes.</summary>
    /// <exception cref="WeightsException">What it says cannot be used.</exception>
    public NetworkClasses Classes => NetworkClasses.Read(State.Metadata, Architecture.Classes, State.Origin ?? "the weights");

    /// <summary>The parameters of a checkpoint.</summary>
    /// <param name="file">The file, which must stay open while they are in use.</param>
    /// <param name="architecture">The architecture; null reads it from the keys.</param>
    /// <param name="strict">
    /// Whether every key must be there and none too many. Otherwise missing and mis-shaped parameters take their
    /// initial values, and <see cref="Report"/> says which.
    /// </param>
    /// <exception cref="WeightsException">The file does not fit.</exception>
    public static NetworkWeights Of(WeightsFile file, SegmentationArchitecture? architecture = null, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(file);
        architecture ??= SegmentationArchitecture.Read(file, file.Origin);
        Graph graph = architecture.Build();
        var report = LoadReport.Compare(file, graph.Parameters);
        IEnumerable<string> own = report.Unexpected.Where(name => !name.StartsWith(CriterionPrefix, StringComparison.Ordinal));
        report = report with { Unexpected = [.. own] };
        if (strict)
            report.ThrowIfInexact(file.Origin);
        return new NetworkWeights(architecture, report.IsExact ? file : Completed(file, graph, report), report);
    }

    /// <summary>Initial values, for demonstrations and timing.</summary>
    public static NetworkWeights Random(SegmentationArchitecture architecture, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return Of(architecture, new InitialTensors(architecture.Build(), seed));
    }

    /// <summary>Parameters from elsewhere, as they are.</summary>
    internal static NetworkWeights Of(SegmentationArchitecture architecture, ITensorSource state)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(state);
        return new NetworkWeights(architecture, state, LoadReport.Compare(state, architecture.Build().Parameters));
    }

    private static OverlaidTensors Completed(WeightsFile file, Graph graph, LoadReport report)
    {
        IEnumerable<string> fitting = file.Names.Except(report.MisShaped.Select(mismatch => mismatch.Name));
        return new OverlaidTensors(new InitialTensors(graph, seed: 0), file, fitting.ToHashSet(StringComparer.Ordinal));
    }
}
