using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Output;

/// <summary>What a weights file holds.</summary>
/// <param name="Kind">Its format.</param>
/// <param name="Tensors">The model's tensors.</param>
/// <param name="Types">The number type of each, in the same order.</param>
/// <param name="Epoch">The epoch of a training checkpoint.</param>
internal sealed record WeightsSummary(string Kind, StateDict Tensors, IReadOnlyList<string> Types, long? Epoch)
{
    /// <summary>Where a .safetensors file has the first letter of its JSON.</summary>
    private const int JsonAt = 8;

    private static readonly string[] _statistics = [".running_mean", ".running_var", ".num_batches_tracked"];

    /// <summary>Learnt numbers: everything but running statistics.</summary>
    public long Parameters => Tensors.Where(tensor => !IsStatistic(tensor.Key)).Sum(tensor => (long)tensor.Value.Count);

    /// <summary>Numbers that batch norm keeps beside what it learns.</summary>
    public long Statistics => Tensors.Where(tensor => IsStatistic(tensor.Key)).Sum(tensor => (long)tensor.Value.Count);

    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static WeightsSummary Read(string path)
    {
        // First, because its error for a file that is neither is the right one.
        StateDict tensors = WeightsFile.Read(path);
        byte[] start = Start(path);
        if (start.Length > JsonAt && start[JsonAt] == '{')
        {
            SafeTensorsDescription header = SafeTensors.Describe(path);
            return new WeightsSummary(".safetensors", tensors, [.. header.Tensors.Where(tensor => !WeightsFile.IsForTraining(tensor.Name)).Select(tensor => tensor.ElementType)], null);
        }
        string kind = start[0] == 'P' ? "PyTorch checkpoint (zip)" : "PyTorch checkpoint (from before 1.6)";
        return new WeightsSummary(kind, tensors, [.. tensors.Select(tensor => TypeOf(tensor.Value))], PyTorchCheckpoint.Read(path).Epoch);
    }

    private static byte[] Start(string path)
    {
        using FileStream stream = SharedFile.Open(path);
        var start = new byte[JsonAt + 1];
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    private static bool IsStatistic(string name) => _statistics.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Of a checkpoint only what its numbers were read as is known.</summary>
    private static string TypeOf(HostTensor tensor) => tensor.Data switch
    {
        float[] => "F32",
        long[] => "I64",
        _ => "U8",
    };
}
