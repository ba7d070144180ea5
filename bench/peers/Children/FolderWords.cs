using System.Globalization;
using SpGpu.Peers.Options;

namespace SpGpu.Peers.Children;

/// <summary>What a process that segments a folder is told.</summary>
/// <param name="Model">The network's file.</param>
/// <param name="Pictures">The folder of pictures.</param>
/// <param name="Labels">The folder for the label maps.</param>
/// <param name="Threads">Threads of the device.</param>
/// <param name="WarmUps">Pictures between the first one and the timed pass.</param>
/// <param name="ComputeOnly">Whether only the network is timed, on pictures that were made ready before.</param>
internal sealed record FolderWords(string Model, string Pictures, string Labels, int Threads, int WarmUps, bool ComputeOnly)
{
    public static FolderWords Take(OptionWords words) => new(
        words.Needed("--model"),
        words.Needed("--pictures"),
        words.Needed("--labels"),
        words.Number("--threads", 1), words.Number("--warmups", 0, 0),
        words.Choice("--part", "all", "all", "compute") == "compute");

    /// <summary>The words that <see cref="Take"/> reads.</summary>
    public IEnumerable<string> Words =>
    [
        "--model", Model, "--pictures", Pictures, "--labels", Labels,
        "--threads", Threads.ToString(CultureInfo.InvariantCulture), "--warmups", WarmUps.ToString(CultureInfo.InvariantCulture),
        "--part", ComputeOnly ? "compute" : "all",
    ];
}
