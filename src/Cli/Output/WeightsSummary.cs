using SpGpu.Models.Weights;

namespace SpGpu.Cli.Output;

/// <summary>What a weights file holds.</summary>
/// <param name="Description">Its format and the model's tensors.</param>
/// <param name="Unusable">The tensors with numbers that no network can use, with what is wrong.</param>
internal sealed record WeightsSummary(WeightsDescription Description, IReadOnlyList<(string Name, string Problem)> Unusable)
{
    private static readonly string[] _statistics = [".running_mean", ".running_var", ".num_batches_tracked"];

    /// <summary>Learnt numbers: everything but running statistics.</summary>
    public long Parameters => Description.Tensors.Where(tensor => !IsStatistic(tensor.Name)).Sum(Count);

    /// <summary>Numbers that batch norm keeps beside what it learns.</summary>
    public long Statistics => Description.Tensors.Where(tensor => IsStatistic(tensor.Name)).Sum(Count);

    /// <summary>Describes a file without loading its tensors; their numbers are looked through piece by piece.</summary>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static WeightsSummary Read(string path) => new(WeightsFile.Describe(path), WeightsFile.FindUnusable(path));

    /// <summary>Tensors that cannot be used, in a line that names the first.</summary>
    public static string Describe(IReadOnlyList<(string Name, string Problem)> unusable)
    {
        (string name, string problem) = unusable[0];
        return $"'{name}' {problem}{(unusable.Count > 1 ? $" (and {Text.Count(unusable.Count - 1, "more tensor")})" : "")}; a network that needs it is refused";
    }

    private static long Count(TensorDescription tensor) => tensor.Shape.Aggregate(1L, (product, extent) => product * extent);

    private static bool IsStatistic(string name) => _statistics.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
}
