using SpGpu.Gpu;

namespace SpGpu.Peers.Options;

/// <summary>What is changed of the whole list of workloads.</summary>
internal sealed record AllOptions
{
    public IReadOnlyList<int> Threads { get; init; } = [1, 2];

    /// <summary>In place of every workload's own size, to try the program out; null keeps those.</summary>
    public Size2D? Size { get; init; }

    public int Pictures { get; init; } = 32;

    /// <summary>Rounds, warm-ups and runs; its threads and instructions are not used.</summary>
    public Runs Runs { get; init; } = new();

    /// <exception cref="ConfigurationException">An option has a value that cannot be used.</exception>
    public static AllOptions Take(OptionWords words)
    {
        var preset = new AllOptions();
        return new AllOptions
        {
            Threads = words.Numbers("--threads", preset.Threads),
            Size = words.Size("--size"),
            Pictures = words.Number("--pictures", preset.Pictures),
            Runs = Runs.Take(words),
        };
    }
}
