using SpGpu.Models.Weights;

namespace SpGpu.Cli.Output;

/// <summary>What the tensors of a weights file come to.</summary>
internal sealed class WeightsSummary(IReadOnlyList<TensorDescription> tensors)
{
    private static readonly string[] _statistics = [".running_mean", ".running_var", ".num_batches_tracked"];

    /// <summary>Learnt numbers: everything but running statistics.</summary>
    public long Parameters => tensors.Where(tensor => !IsStatistic(tensor.Name)).Sum(Count);

    /// <summary>Numbers that batch norm keeps beside what it learns.</summary>
    public long Statistics => tensors.Where(tensor => IsStatistic(tensor.Name)).Sum(Count);

    /// <summary>Tensors that cannot be used, in a line that names the first.</summary>
    public static string Describe(IReadOnlyList<UnusableTensor> unusable)
    {
        (string name, string problem) = unusable[0];
        return $"'{name}' {problem}{(unusable.Count > 1 ? $" (and {Text.Count(unusable.Count - 1, "more tensor")})" : "")}; " +
            "a network that needs it is refused";
    }

    private static long Count(TensorDescription tensor) => tensor.Shape.Aggregate(1L, (product, extent) => product * extent);

    private static bool IsStatistic(string name) => _statistics.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
}
