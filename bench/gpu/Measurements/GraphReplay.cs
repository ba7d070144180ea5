using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>
/// A network whose kernels are replayed as one graph, from its second picture of a size on, beside its first picture and
/// that of another one, whose kernels are launched: the same bits, and both times.
/// </summary>
internal static class GraphReplay
{
    private const string SpNet50 = "spnet50";

    public static int Run(string name, string weights, int side, int batch, int runs)
    {
        using Device device = Device.Open(name);
        using SpNet net = Open(weights, device), other = Open(weights, device);
        HostTensor a = Image(1, batch, side), b = Image(2, batch, side);
        float[] launchedA = net.Forward(a).Floats, launchedB = other.Forward(b).Floats;
        float[] replayedB = net.Forward(b).Floats, replayedA = net.Forward(a).Floats;
        Profile profile = net.Profile(new Shape(batch, 3, side, side), runs);
        string what = $"{(weights == SpNet50 ? "SPNet-50" : "small network")} {batch}x3x{side}x{side}";
        Figure.Print(device, $"{what}, {profile.Rows.Count} operations launched", profile.UnmarkedMilliseconds, "ms");
        if (profile.ReplayedMilliseconds is not { } replayed)
        {
            Console.WriteLine($"{name} does not replay");
            return 1;
        }
        Figure.Print(device, $"{what}, replayed as a graph", replayed, "ms");
        bool isSame = Same(launchedA, replayedA) && Same(launchedB, replayedB);
        Console.WriteLine($"the bits of launches and replays are {(isSame ? "the same" : "NOT the same")}");
        return isSame && !Same(launchedA, launchedB) ? 0 : 1;
    }

    internal static SpNet Open(string weights, Device device) => weights == SpNet50
        ? SpNet.Random(SpNetArchitecture.SpNet50(150), device)
        : SpNet.Load(weights, device);

    internal static HostTensor Image(int seed, int batch, int side)
    {
        var random = new Random(seed);
        return new HostTensor(
            [.. Enumerable.Range(0, 3 * batch * side * side).Select(_ => 4 * random.NextSingle() - 2)], batch, 3, side, side);
    }

    private static bool Same(float[] one, float[] another) =>
        one.AsSpan().SequenceEqual(another) && one.All(float.IsFinite);
}
