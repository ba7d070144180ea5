using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Peers.Options;

namespace SpGpu.Peers.Workloads;

/// <summary>A network that is compared.</summary>
internal sealed class BenchNetwork
{
    /// <summary>A file beside the program; null for random weights.</summary>
    private readonly string? _file;

    private BenchNetwork(string key, string name, Size2D suitedSize, int suitedWarmUps, int suitedRuns, string? file)
    {
        Key = key;
        Name = name;
        SuitedSize = suitedSize;
        SuitedWarmUps = suitedWarmUps;
        SuitedRuns = suitedRuns;
        _file = file;
    }

    /// <summary>SPNet-50 for 150 classes with random weights.</summary>
    public static BenchNetwork SpNet50 { get; } = new("spnet50", "SPNet-50", 480, 1, 3, null);

    /// <summary>The network of <c>spgpu demo</c>: stem 16, 16, 32; planes 16, 32, 64, 64; blocks 2, 2, 2, 3.</summary>
    public static BenchNetwork Small { get; } =
        new("small", "small SPNet", 256, 20, 20, "street.safetensors");

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
    public NetworkWeights Weights()
    {
        using WeightsFile? file = _file is null ? null : WeightsFile.Open(Path.Combine(AppContext.BaseDirectory, _file));
        NetworkWeights weights = file is null ? NetworkWeights.Random(SpNetArchitecture.SpNet50(150)) : NetworkWeights.Of(file);
        var state = new StateDict();
        foreach (string name in weights.State.Names.Where(name => !name.StartsWith("auxlayer.", StringComparison.Ordinal)))
            state[name] = weights.State.Load(name);
        return weights with { Architecture = weights.Architecture with { Auxiliary = false }, State = state };
    }
}
