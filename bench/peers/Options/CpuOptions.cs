using SpGpu.Gpu;

namespace SpGpu.Peers.Options;

/// <summary>What is told of one processor, and how long it may take.</summary>
internal sealed record CpuOptions
{
    public IReadOnlyList<int> Threads { get; init; } = Environment.ProcessorCount == 1 ? [1] : [1, Environment.ProcessorCount];

    /// <summary>In place of every workload's own size, to try the program out; null keeps those.</summary>
    public Size2D? Size { get; init; }

    /// <summary>Workloads share them out: one whose share is over begins no further round.</summary>
    public int Minutes { get; init; } = 18;

    /// <summary>Rounds, warm-ups and runs; its threads and instructions are not used.</summary>
    public Runs Runs { get; init; } = new();

    /// <exception cref="ConfigurationException">An option has a value that cannot be used.</exception>
    public static CpuOptions Take(OptionWords words)
    {
        var preset = new CpuOptions();
        return new CpuOptions
        {
            Threads = words.Numbers("--threads", preset.Threads),
            Size = words.Size("--size"),
            Minutes = words.Number("--minutes", preset.Minutes),
            Runs = Runs.Take(words, rounds: 7),
        };
    }
}
