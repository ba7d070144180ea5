using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Peers.Children;

/// <summary>A training step on random pictures: both heads, SGD with momentum.</summary>
internal sealed class TimedStep : IDisposable
{
    private readonly TrainingNetwork _network;
    private readonly Shape _shape;
    private readonly float[] _images;
    private readonly byte[] _labels;
    private readonly LossValue[] _losses;

    /// <param name="architecture">The network.</param>
    /// <param name="state">Its weights.</param>
    /// <param name="device">What runs it.</param>
    /// <param name="count">The pictures of this process.</param>
    /// <param name="size">Their size.</param>
    /// <param name="group">The processes that train it together.</param>
    public TimedStep(
        SegmentationArchitecture architecture, ITensorSource state, Device device, int count, Size2D size, IProcessGroup? group = null)
    {
        Graph graph = architecture.Build();
        var training = new TrainingOptions { Losses = [new("score", 1), new("aux", 0.4)], Group = group };
        _network = new TrainingNetwork(graph, state, device, training);
        _losses = new LossValue[training.Losses.Count];
        _shape = new Shape(count, 3, size.Height, size.Width);
        var random = new Random(1 + (group?.Rank ?? 0));
        _images = [.. Enumerable.Range(0, (int)_shape.Count).Select(_ => 4 * random.NextSingle() - 2)];
        _labels = [.. Enumerable.Range(0, count * size.Height * size.Width).Select(_ => (byte)random.Next(architecture.Classes))];
    }

    /// <summary>Forward and backward.</summary>
    public void Accumulate() => _network.Accumulate(_shape.N, _shape.H, _shape.W, _images, _labels, _losses);

    /// <summary>The exchange of gradients, and the optimiser; waits until all is done.</summary>
    public void Update()
    {
        _network.Update([1e-3f]);
        _network.Device.Synchronize();
    }

    public void Dispose() => _network.Dispose();
}
