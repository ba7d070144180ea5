using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Peers.Options;

namespace SpGpu.Peers.Workloads;

/// <summary>A network that is compared.</summary>
internal sealed class BenchNetwork
{
    private readonly Func<NetworkWeights> _weights;

    private BenchNetwork(string key, string name, Size2D suitedSize, int suitedWarmUps, int suitedRuns, Func<NetworkWeights> weights)
    {
        Key = key;
        Name = name;
        SuitedSize = suitedSize;
        SuitedWarmUps = suitedWarmUps;
        SuitedRuns = suitedRuns;
        _weights = weights;
    }

    /// <summary>SPNet-50 for 150 classes with random weights.</summary>
    public static BenchNetwork SpNet50 { get; } =
        new("spnet50", "SPNet-50", 480, 1, 3, () => NetworkWeights.Random(SpNetArchitecture.SpNet50(150)));

    /// <summary>The network of <c>spgpu demo</c>: stem 16, 16, 32; planes 16, 32, 64, 64; blocks 2, 2, 2, 3.</summary>
    public static BenchNetwork Small { get; } =
        new("small", "small SPNet", 256, 20, 20,
            () => NetworkWeights.Of(WeightsFile.Open(Path.Combine(AppContext.BaseDirectory, "street.safetensors"))));

    /// <summary>DDRNet-23-slim for the 19 classes of Cityscapes with random weights, at half the size of its pictures.</summary>
    public static BenchNetwork DdrNet { get; } =
        new("ddrnet23-slim", "DDRNet-23-slim", (512, 1024), 3, 10, () => NetworkWeights.Random(DdrNetArchitecture.Slim(19)));

    /// <summary>PSPNet-50 of mmsegmentation for the 19 classes of Cityscapes with random weights.</summary>
    public static BenchNetwork PspNet { get; } = new("pspnet50", "PSPNet-50", 480, 1, 3,
        () => NetworkWeights.Random(ResNetArchitecture.Published(SegmentationHead.PspNet, NetworkSource.Mmsegmentation, 50, 19)));

    private static IReadOnlyList<BenchNetwork> All { get; } = [SpNet50, Small, DdrNet, PspNet];

    /// <summary>What the command line calls it.</summary>
    public string Key { get; }

    public string Name { get; }

    public Size2D SuitedSize { get; }

    /// <summary>Runs that take about a second, after which the compilers have done their work.</summary>
    public int SuitedWarmUps { get; }

    /// <summary>Timed runs that take some seconds.</summary>
    public int SuitedRuns { get; }

    public static BenchNetwork Take(OptionWords words, BenchNetwork preset)
    {
        string key = words.Choice("--network", preset.Key, [.. All.Select(network => network.Key)]);
        return All.Single(network => network.Key == key);
    }

    /// <summary>The weights with all heads, as training starts from them; a file among them stays open.</summary>
    public NetworkWeights TrainingWeights() => _weights();

    /// <summary>The weights without the head that only training uses, so that no engine reads it.</summary>
    public NetworkWeights Weights()
    {
        NetworkWeights weights = _weights();
        using var file = weights.State as WeightsFile;
        SegmentationArchitecture architecture = weights.Architecture with { Auxiliary = false };
        var state = new StateDict();
        foreach (ParameterInfo parameter in architecture.Build().Parameters)
            state[parameter.Name] = weights.State.Load(parameter.Name);
        return weights with { Architecture = architecture, State = state };
    }
}
