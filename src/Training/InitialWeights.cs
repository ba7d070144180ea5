using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Training;

/// <summary>
/// What a run starts from: the official initial values, and over them the tensors of a file as far as they fit. The file may hold
/// a network of the same kind, a backbone alone, or another network, whose backbone is taken and what its heads have of the same name.
/// </summary>
internal static class InitialWeights
{
    /// <summary>One tensor in so many fits by chance: names and shapes are alike in networks that are not.</summary>
    private const int FewestFitting = 10;

    /// <summary>Of each kind of misfit: heads alone have hundreds of tensors.</summary>
    private const int MostNamed = 8;

    /// <summary>The initial state, and what is to be said of the file.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="seed">Decides what the file lacks.</param>
    /// <param name="file">A file of weights; null for none.</param>
    /// <exception cref="WeightsException">The file cannot be read or next to nothing of it fits.</exception>
    public static (StateDict State, string? Report) Make(Graph graph, int seed, string? file)
    {
        StateDict state = Initializer.Initialize(graph, seed);
        if (file is null)
            return (state, null);
        using var weights = WeightsFile.Open(file);
        StateDict given = Named(weights, graph);
        var report = LoadReport.Compare(given, graph.Parameters);
        var misfits = report.MisShaped.Select(mismatch => mismatch.Name).ToHashSet(StringComparer.Ordinal);
        int taken = 0, learned = 0;
        foreach (ParameterInfo parameter in graph.Parameters)
        {
            if (!given.TryGet(parameter.Name, out HostTensor? tensor) || misfits.Contains(parameter.Name))
                continue;
            if (tensor.Data is float[] values && WeightValues.Problem(parameter.Name, values) is string problem)
                throw new WeightsException(
                    $"'{parameter.Name}' in '{file}' {problem}; take weights from before training went wrong, or copy the file again");
            state[parameter.Name] = tensor;
            taken++;
            learned += parameter.IsInteger ? 0 : 1;
        }
        int few = Math.Min(graph.Parameters.Count, given.Count) / FewestFitting;
        if (learned <= few)
            throw new WeightsException(
                $"{learned} tensors of '{file}' fit the network ({report.Summary}); name the weights of such a network or of its backbone");
        string rest = report.IsExact ? "" : $"; the others keep initial values:\n{report.Excerpt(MostNamed)}";
        return (state, $"{taken} of {graph.Parameters.Count} tensors from '{file}'{rest}");
    }

    /// <summary>
    /// The tensors under the network's names, without what training keeps beside them and without the classifier (<c>fc</c>) of a
    /// backbone's file.
    /// </summary>
    private static StateDict Named(WeightsFile file, Graph graph)
    {
        Func<string, string> called = BackboneNames.Between(file.Names, graph.Parameters.Select(parameter => parameter.Name));
        var named = new StateDict();
        string[] others = [NetworkWeights.CriterionPrefix, "fc."];
        foreach (string name in file.Names)
        {
            if (!others.Any(other => name.StartsWith(other, StringComparison.Ordinal)))
                named[called(name)] = file.Load(name);
        }
        return named;
    }
}
