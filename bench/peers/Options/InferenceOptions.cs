using SpGpu.Gpu;
using SpGpu.Peers.Workloads;

namespace SpGpu.Peers.Options;

/// <summary>The inference that is timed.</summary>
internal sealed record InferenceOptions
{
    public BenchNetwork Network { get; init; } = BenchNetwork.SpNet50;

    public required Size2D Size { get; init; }

    /// <summary>The way of PyTorch, or <see cref="TorchModes.Auto"/>.</summary>
    public string TorchMode { get; init; } = TorchModes.Auto;

    public Runs Runs { get; init; } = new();

    public int WarmUps => Runs.WarmUps ?? Network.SuitedWarmUps;

    public int TimedRuns => Runs.Timed ?? Network.SuitedRuns;

    /// <exception cref="ConfigurationException">An option has a value that cannot be used.</exception>
    public static InferenceOptions Take(OptionWords words)
    {
        BenchNetwork network = BenchNetwork.Take(words, BenchNetwork.SpNet50);
        return new InferenceOptions
        {
            Network = network,
            Size = words.Size("--size") ?? network.SuitedSize,
            TorchMode = words.Choice("--torch-mode", TorchModes.Auto, [TorchModes.Auto, .. TorchModes.All]),
            Runs = Runs.Take(words),
        };
    }
}
