namespace SpGpu.Peers.Engines;

/// <summary>What one process of an engine measured.</summary>
/// <param name="FirstSeconds">From the start of the process to its first result.</param>
/// <param name="Seconds">The median of its timed runs.</param>
/// <param name="PeakBytes">The most memory that it held.</param>
/// <param name="Description">The engine with its version and what it runs on.</param>
/// <param name="Counts">What else it counted, by name: the median of what it said.</param>
internal sealed record Measurement(
    double FirstSeconds, double Seconds, long PeakBytes, string Description, IReadOnlyDictionary<string, double> Counts);
