using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Peers.Options;

namespace SpGpu.Peers.Children;

/// <summary>Times SpGpu's training step in this process.</summary>
internal static class OwnStep
{
    public static void Run(StepOptions options)
    {
        // Other devices take no number of threads; PyTorch beside them does.
        using Device device = Device.Open(options.Device, new() { Threads = options.Device == "cpu" ? options.Runs.Threads : 0 });
        Graph graph = SpNetGraph.Build(SpNetArchitecture.SpNet50(options.Classes));
        var training = new TrainingOptions { Losses = [new("score", 1), new("aux", 0.4)] };
        using var network = new TrainingNetwork(graph, Initializer.Initialize(graph, seed: 1), device, training);
        var random = new Random(1);
        (int height, int width) = options.Size;
        int pixels = options.Batch * height * width;
        float[] images = [.. Enumerable.Range(0, 3 * pixels).Select(_ => 4 * random.NextSingle() - 2)];
        byte[] labels = [.. Enumerable.Range(0, pixels).Select(_ => (byte)random.Next(options.Classes))];
        var losses = new LossValue[2];
        TimedRuns.Measure(Step, options.WarmUps - 1, options.Steps);
        TimedRuns.End($"SpGpu, {device.Description}");

        void Step()
        {
            network.Accumulate(options.Batch, height, width, images, labels, losses);
            network.Update([1e-3f]);
            device.Synchronize();
        }
    }
}
