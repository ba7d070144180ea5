using SpGpu.Gpu;
using SpGpu.Peers.Workloads;

namespace SpGpu.Peers.Options;

/// <summary>The folder of pictures that is segmented.</summary>
internal sealed record FolderOptions
{
    public BenchNetwork Network { get; init; } = BenchNetwork.Small;

    public Size2D Size { get; init; } = (480, 640);

    public int Pictures { get; init; } = 32;

    public Runs Runs { get; init; } = new();

    /// <summary>Pictures that a process segments before the timed pass, besides the first.</summary>
    public int WarmUps => Runs.WarmUps ?? Network.SuitedWarmUps;

    /// <exception cref="ConfigurationException">An option has a value that cannot be used.</exception>
    public static FolderOptions Take(OptionWords words)
    {
        var preset = new FolderOptions();
        return new FolderOptions
        {
            Network = BenchNetwork.Take(words, preset.Network),
            Size = words.Size("--size") ?? preset.Size,
            Pictures = words.Number("--pictures", preset.Pictures),
            Runs = Runs.Take(words),
        };
    }
}
