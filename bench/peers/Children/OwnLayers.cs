using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Children;

/// <summary>Prints the limits of the processor and the layers of a network that lose most time against them.</summary>
internal static class OwnLayers
{
    private const int Worst = 10;

    public static void Run(InferenceWords words)
    {
        using Device device = Device.Open("cpu", new() { Threads = words.Threads, Winograd = words.Winograd });
        using var file = WeightsFile.Open(words.Model);
        var weights = NetworkWeights.Of(file);
        using var network = new Network(weights.Architecture.Build(), weights.State, device, "score");
        var limits = DeviceLimits.Measure(device);
        Profile profile = network.Profile([("image", new Shape(1, 3, words.Size.Height, words.Size.Width))], words.Timed);
        var report = new Report(null);
        report.Line($"- {device.Description}: {Table.Number(limits.GigaflopsPerSecond, "0.0")} GFLOP/s ({limits.Compute}), " +
            $"{Table.Number(limits.GigabytesPerSecond, "0.0")} GB/s ({limits.Memory})");
        report.Line($"- caches: {limits.Caches}");
        report.Line($"- kernels {Table.Number(profile.UnmarkedMilliseconds, "0.00")} ms, median of {profile.Runs}");
        report.Line();
        var table = new Table(report, ("layer", -34), ("kernel", -28), ("ms", 8), ("lost ms", 8), ("GFLOP/s", 7), ("% of limit", 10));
        foreach (ProfileRow row in profile.Rows.OrderByDescending(Lost).Take(Worst))
        {
            table.Row(row.Layer, row.Kernel, Table.Number(row.Milliseconds, "0.000"), Table.Number(Lost(row), "0.000"),
                Table.Number(row.GigaflopsPerSecond, "0.0"), Table.Number(100 * row.PartOf(limits), "0"));
        }

        double Lost(ProfileRow row) => row.Milliseconds - limits.Milliseconds(row.Operations, row.Bytes);
    }
}
