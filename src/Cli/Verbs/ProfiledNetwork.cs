using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary>What <c>spgpu profile</c> times: a network at inference, or forward and backward of a training batch.</summary>
internal abstract class ProfiledNetwork(SegmentationArchitecture architecture) : IDisposable
{
    public SegmentationArchitecture Architecture { get; } = architecture;

    /// <summary>What is done with how many pictures, for the heading.</summary>
    public abstract string Work { get; }

    /// <param name="architecture">The network; null reads it from the file.</param>
    /// <param name="file">The weights; null takes random ones.</param>
    /// <param name="pictures">Pictures at once at inference.</param>
    /// <param name="batch">Pictures of a training batch; 0 is inference.</param>
    /// <param name="device">The device.</param>
    public static ProfiledNetwork Create(
        SegmentationArchitecture? architecture, string? file, int pictures, int batch, Device device)
    {
        if (batch == 0)
        {
            return new Inference(
                file is null ? SegmentationNetwork.Random(architecture!, device) : SegmentationNetwork.Load(file, device), pictures);
        }
        using WeightsFile? opened = file is null ? null : WeightsFile.Open(file);
        NetworkWeights weights = opened is null ? NetworkWeights.Random(architecture!) : NetworkWeights.Of(opened, architecture);
        return new Training(weights, batch, device);
    }

    /// <summary>Times the kernels for pictures of a size that the user gives.</summary>
    /// <exception cref="ConfigurationException">The network cannot take the size.</exception>
    public Profile Measure(Size2D size, int runs, CancellationToken stop)
    {
        try
        {
            return MeasureCore(size, runs, stop);
        }
        catch (ShapeException error)
        {
            // The size is an option, so that this is a matter of usage, not of a file.
            throw new ConfigurationException($"--size: {error.Message}", error);
        }
    }

    public abstract void Dispose();

    protected abstract Profile MeasureCore(Size2D size, int runs, CancellationToken stop);

    private sealed class Inference(SegmentationNetwork net, int pictures) : ProfiledNetwork(net.Architecture)
    {
        public override string Work => pictures == 1 ? "inference" : FormattableString.Invariant($"inference, batch {pictures}");

        public override void Dispose() => net.Dispose();

        protected override Profile MeasureCore(Size2D size, int runs, CancellationToken stop) =>
            net.Profile(new Shape(pictures, 3, size.Height, size.Width), runs, stop);
    }

    private sealed class Training : ProfiledNetwork
    {
        private readonly TrainingNetwork _network;
        private readonly int _batch;

        public Training(NetworkWeights weights, int batch, Device device)
            : base(weights.Architecture)
        {
            Graph graph = Architecture.Build();
            LossTerm[] losses = graph.Outputs.ContainsKey("aux") ? [new("score", 1), new("aux", 0.4)] : [new("score", 1)];
            _batch = batch;
            _network = new TrainingNetwork(graph, weights.State, device, new() { Losses = losses, Resize = Architecture.Resize });
        }

        public override string Work => FormattableString.Invariant($"forward and backward, batch {_batch}");

        public override void Dispose() => _network.Dispose();

        protected override Profile MeasureCore(Size2D size, int runs, CancellationToken stop) =>
            _network.Profile(_batch, size.Height, size.Width, runs, stop);
    }
}
