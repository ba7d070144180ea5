using System.Diagnostics;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>
/// A training step of SPNet-50 with both heads, as bench/peers/pytorch/training_step.py does it: to the loss on the host.
/// Or of a network whose weights are given, for a machine on which SPNet-50 would take minutes. A quarter as many steps come before
/// those that are measured.
/// </summary>
internal static class TrainingStep
{
    private const string SpNet50 = "spnet50";

    public static int Run(string name, string weights, int batch, int side, int steps)
    {
        using Device device = Device.Open(name);
        SpNetArchitecture architecture = weights == SpNet50 ? SpNetArchitecture.SpNet50(150) : Architecture(weights);
        Graph graph = SpNetGraph.Build(architecture);
        var training = new TrainingOptions { Losses = architecture.Auxiliary ? [new("score", 1), new("aux", 0.4)] : [new("score", 1)] };
        using var network = new TrainingNetwork(graph, Initializer.Initialize(graph, seed: 1), device, training);
        var random = new Random(1);
        int pixels = batch * side * side;
        float[] images = [.. Enumerable.Range(0, 3 * pixels).Select(_ => 4 * random.NextSingle() - 2)];
        byte[] labels = [.. Enumerable.Range(0, pixels).Select(_ => (byte)random.Next(architecture.Classes))];
        var losses = new LossValue[training.Losses.Count];
        for (int i = 0; i < steps; i += 4)
            Step();
        double[] seconds = [.. Enumerable.Range(0, steps).Select(_ => Step())];
        Figure.Print(device, $"training step {(weights == SpNet50 ? "SPNet-50" : "small network")} {batch}x3x{side}x{side}, SpGpu",
            1000 * Figure.Median(seconds), "ms");
        Console.WriteLine(FormattableString.Invariant($"loss {losses[0].Value:0.0000}"));
        return double.IsFinite(losses[0].Value) ? 0 : 1;

        double Step()
        {
            long start = Stopwatch.GetTimestamp();
            network.Accumulate(batch, side, side, images, labels, losses);
            network.Update([1e-3f]);
            device.Synchronize();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static SpNetArchitecture Architecture(string path)
    {
        using var file = WeightsFile.Open(path);
        return ArchitectureReader.Read(file, path);
    }
}
