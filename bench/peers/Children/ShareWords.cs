using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Peers.Options;
using SpGpu.Peers.Workloads;

namespace SpGpu.Peers.Children;

/// <summary>The command line of one of the processes that take a training step together.</summary>
/// <param name="Network">What is trained.</param>
/// <param name="Count">The pictures of all processes.</param>
/// <param name="Size">Their size.</param>
/// <param name="Threads">Threads of this process.</param>
/// <param name="WarmUps">Steps before the timed ones, at least one.</param>
/// <param name="Timed">Timed steps.</param>
internal sealed record ShareWords(BenchNetwork Network, int Count, Size2D Size, int Threads, int WarmUps, int Timed)
{
    public IEnumerable<string> Words =>
    [
        "--network", Network.Key, "--batch", Text(Count), "--size", $"{Text(Size.Width)}x{Text(Size.Height)}", "--threads", Text(Threads),
        "--warmups", Text(WarmUps), "--runs", Text(Timed),
    ];

    /// <exception cref="ConfigurationException">An option is missing or has a value that cannot be used.</exception>
    public static ShareWords Take(OptionWords words) => new(
        BenchNetwork.Take(words, BenchNetwork.SpNet50), words.Number("--batch", 1), words.Size("--size") ?? 225,
        words.Number("--threads", 1), words.Number("--warmups", 1), words.Number("--runs", 1));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
