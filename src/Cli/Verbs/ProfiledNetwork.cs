using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary>What <c>spgpu profile</c> times: a network at inference, or forward and backward of a training batch.</summary>
internal abstract class ProfiledNetwork(SpNetArchitecture architecture) : IDisposable
{
    public SpNetArchitecture Architecture { get; } = architecture;

    /// <summary>What is done with how many pictures, for the heading.</summary>
    public abstract string Work { get; }

    /// <param name="architecture">The network; null reads it from the file.</param>
    /// <param name="file">The weights; null takes random ones.</param>
    /// <param name="pictures">Pictures at once at inference.</param>
    /// <param name="batch">Pictures of a training batch; 0 is inference.</param>
    /// <param name="device">The device.</param>
    public static ProfiledNetwork Create(SpNetArchitecture? architecture, string? file, int pictures, int batch, Device device)
    {
        if (batch == 0)
            return new Inference(file is null ? SpNet.Random(architecture!, device) : SpNet.Load(file, device), pictures);
        using WeightsFile? opened = file is null ? null : WeightsFile.Open(file);
        SpNetWeights weights = opened is null ? SpNetWeights.Random(architecture!) : SpNetWeights.Of(opened, architecture);
        return new Training(weights, batch, device);
    }

    /// <summary>The plan for pictures of a size, with inputs that are quick to compute with.</summary>
    public abstract Plan PlanFor(Size2D size);

    public abstract void Dispose();

    private sealed class Inference(SpNet net, int pictures) : ProfiledNetwork(net.Architecture)
    {
        public override string Work => pictures == 1 ? "inference" : FormattableString.Invariant($"inference, batch {pictures}");

        public override Plan PlanFor(Size2D size)
        {
            Plan plan = Plans.For(net, size, pictures);
            // What memory happens to hold may be slow to compute with (denormals, NaN), and zeros cost too little power.
            Tensor image = plan["image"];
            image.Upload<float>([.. Enumerable.Range(0, (int)image.Shape.Count).Select(i => MathF.Sin(i))]);
            return plan;
        }

        public override void Dispose() => net.Dispose();
    }

    private sealed class Training : ProfiledNetwork
    {
        private readonly TrainingNetwork _network;
        private readonly int _batch;

        public Training(SpNetWeights weights, int batch, Device device)
            : base(weights.Architecture)
        {
            Graph graph = SpNetGraph.Build(Architecture);
            LossTerm[] losses = Architecture.Auxiliary ? [new("score", 1), new("aux", 0.4)] : [new("score", 1)];
            _batch = batch;
            _network = new TrainingNetwork(graph, weights.State, device, new() { Losses = losses });
        }

        public override string Work => FormattableString.Invariant($"forward and backward, batch {_batch}");

        public override Plan PlanFor(Size2D size)
        {
            int pixels = _batch * size.Height * size.Width;
            float[] images = [.. Enumerable.Range(0, 3 * pixels).Select(i => MathF.Sin(i))];
            try
            {
                var losses = new LossValue[Architecture.Auxiliary ? 2 : 1];
                _network.Accumulate(_batch, size.Height, size.Width, images, new byte[pixels], losses);
            }
            catch (ShapeException error)
            {
                throw new ConfigurationException($"--size: {error.Message}", error);
            }
            return _network.Plan!;
        }

        public override void Dispose() => _network.Dispose();
    }
}
