using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Peers.Options;

namespace SpGpu.Peers.Workloads;

/// <summary>A network that is compared.</summary>
internal sealed class BenchNetwork
{
    private readonly Func<SpNetWeights> _weights;

    private BenchNetwork(string key, string name, Size2D suitedSize, int suitedWarmUps, int suitedRuns, Func<SpNetWeights> weights)
    {
        Key = key;
        Name = name;
        SuitedSize = suitedSize;
        SuitedWarmUps = suitedWarmUps;
        SuitedRuns = suitedRuns;
        _weights = weights;
    }

    /// <summary>SPNet-50 for 150 classes with random weights.</summary>
    public static BenchNetwork SpNet50 { get; } = new("spnet50", "SPNet-50", 480, 1, 3, () => SpNetWeights.Random(SpNetArchitecture.SpNet50(150)));

    /// <summary>The network of <c>spgpu demo</c>: stem 16, 16, 32; planes 16, 32, 64, 64; blocks 2, 2, 2, 3.</summary>
    public static BenchNetwork Small { get; } =
        new("small", "small SPNet", 256, 20, 20, () => SpNetWeights.Load(Path.Combine(AppContext.BaseDirectory, "street.safetensors")));

    /// <summary>What the command line calls it.</summary>
    public string Key { get; }

    public string Name { get; }

    public Size2D SuitedSize { get; }

    /// <summary>Runs that take about a second, after which the compilers have done their work.</summary>
    public int SuitedWarmUps { get; }

    /// <summary>Timed runs that take some seconds.</summary>
    public int SuitedRuns { get; }

    public static BenchNetwork Take(OptionWords words, BenchNetwork preset) =>
        words.Choice("--network", preset.Key, SpNet50.Key, Small.Key) == Small.Key ? Small : SpNet50;

    /// <summary>The weights without the head that only training uses, so that no engine reads it.</summary>
    public SpNetWeights Weights()
    {
        SpNetWeights weights = _weights();
        var state = new StateDict();
        foreach ((string name, HostTensor tensor) in weights.State)
        {
            if (!name.StartsWith("auxlayer.", StringComparison.Ordinal))
                state[name] = tensor;
        }
        return weights with { Architecture = weights.Architecture with { Auxiliary = false }, State = state };
    }
}
