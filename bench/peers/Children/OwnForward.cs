using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Peers.Children;

/// <summary>Runs of SpGpu from the image's floats to the logits' floats at a stride of 8.</summary>
internal sealed class OwnForward : IDisposable
{
    private readonly Network _network;

    public OwnForward(string model, Device device)
    {
        using var file = WeightsFile.Open(model);
        var weights = NetworkWeights.Of(file);
        _network = new Network(weights.Architecture.Build(), weights.State, device, "score");
    }

    /// <summary>Those of the last run.</summary>
    public float[] Logits { get; private set; } = [];

    public void Run(HostTensor image) => Logits = _network.Run(("image", image))["score"].Floats;

    public void Dispose() => _network.Dispose();
}
