namespace SpGpu.Cli.PublicWeights;

/// <summary>How long and how often a download is tried.</summary>
/// <param name="Patience">How long nothing at all may come.</param>
internal sealed record DownloadLimits(TimeSpan Patience)
{
    /// <summary>Requests, until one fails for good.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The pause before the second request; each further one is twice as long.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No published file is larger: more is not taken from a server.</summary>
    public long MostBytes { get; init; } = 1L << 30;
}
