using System.Diagnostics;
using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Peers;

/// <summary>Times SpGpu's training step in this process: one line a step, in seconds.</summary>
internal static class OwnStep
{
    public static void Run(StepOptions options)
    {
        using Device device = Device.Open(options.Device, options.Threads);
        Graph graph = SpNetGraph.Build(SpNetArchitecture.SpNet50(options.Classes));
        var training = new TrainingOptions { Losses = [new("score", 1), new("aux", 0.4)] };
        using var network = new TrainingNetwork(graph, Initializer.Initialize(graph, seed: 1), device, training);
        var random = new Random(1);
        int pixels = options.Batch * options.Height * options.Width;
        float[] images = [.. Enumerable.Range(0, 3 * pixels).Select(_ => 4 * random.NextSingle() - 2)];
        byte[] labels = [.. Enumerable.Range(0, pixels).Select(_ => (byte)random.Next(options.Classes))];
        var losses = new LossValue[2];
        for (int step = 0; step < options.WarmUps + options.Steps; step++)
        {
            long start = Stopwatch.GetTimestamp();
            network.Accumulate(options.Batch, options.Height, options.Width, images, labels, losses);
            network.Update([1e-3f]);
            device.Synchronize();
            if (step >= options.WarmUps)
                Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture));
        }
    }
}
