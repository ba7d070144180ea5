using SpGpu.Gpu;
using SpGpu.Peers.Workloads;

namespace SpGpu.Peers.Options;

/// <summary>Training steps that several processes take together.</summary>
internal sealed record ScalingOptions
{
    public IReadOnlyList<BenchNetwork> Networks { get; init; } = [BenchNetwork.SpNet50, BenchNetwork.Small];

    /// <summary>The pictures of all processes; where there are more processes, one for each.</summary>
    public int Batch { get; init; } = 2;

    /// <summary>In place of every network's own size; null keeps those.</summary>
    public Size2D? Size { get; init; }

    /// <summary>Numbers of processes.</summary>
    public required IReadOnlyList<int> Processes { get; init; }

    /// <summary>Rounds, warm-ups and runs; its threads and instructions are not used.</summary>
    public Runs Runs { get; init; } = new();

    /// <exception cref="ConfigurationException">An option has a value that cannot be used.</exception>
    public static ScalingOptions Take(OptionWords words)
    {
        string key = words.Choice("--network", "all", "all", BenchNetwork.SpNet50.Key, BenchNetwork.Small.Key);
        var preset = new ScalingOptions { Processes = Doubling(Environment.ProcessorCount) };
        return new ScalingOptions
        {
            Networks = [.. preset.Networks.Where(network => key == "all" || network.Key == key)],
            Batch = words.Number("--batch", preset.Batch),
            Size = words.Size("--size"),
            Processes = words.Numbers("--processes", preset.Processes),
            Runs = Runs.Take(words, rounds: 7),
        };
    }

    /// <summary>1, 2, 4 and so on, and the last number.</summary>
    private static int[] Doubling(int last) =>
        [.. Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(number => number < last), last];
}
