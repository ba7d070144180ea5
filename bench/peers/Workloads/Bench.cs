using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Workloads;

/// <summary>What the workloads of one run share.</summary>
internal sealed class Bench(string? reportFile) : IDisposable
{
    public NetworkFiles Files { get; } = new();

    public Report Report { get; } = new(reportFile);

    public Summary Summary { get; } = new();

    public void Dispose() => Files.Dispose();
}
