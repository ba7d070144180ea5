using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Peers.Options;

namespace SpGpu.Peers.Children;

/// <summary>What a process that infers is told.</summary>
/// <param name="Model">The network's file.</param>
/// <param name="Input">The image, 1 x 3 x H x W floats.</param>
/// <param name="Logits">Where the logits of the last run go.</param>
/// <param name="Size">H and W.</param>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="WarmUps">Runs between the first one and the timed ones.</param>
/// <param name="Timed">Timed runs.</param>
/// <param name="Winograd">Whether SpGpu may use its fast 3x3 convolutions.</param>
internal sealed record InferenceWords(
    string Model, string Input, string Logits, Size2D Size, int Threads, int WarmUps, int Timed, bool Winograd = true)
{
    public static InferenceWords Take(OptionWords words) => new(
        words.Needed("--model"), words.Needed("--input"), words.Needed("--logits"),
        words.Size("--size") ?? throw new ConfigurationException("--size is needed"),
        words.Number("--threads", 1), words.Number("--warmups", 0, 0), words.Number("--runs", 1),
        words.Choice("--winograd", "on", "on", "off") == "on");

    /// <summary>The words that <see cref="Take"/> reads.</summary>
    public IEnumerable<string> Words => Text(
        "--model", Model, "--input", Input, "--logits", Logits, "--size", $"{Size.Width}x{Size.Height}",
        "--threads", Threads, "--warmups", WarmUps, "--runs", Timed, "--winograd", Winograd ? "on" : "off");

    /// <summary>The words that the script for PyTorch reads.</summary>
    public IEnumerable<string> PyTorchWords(string mode) =>
        Text(Model, Input, Logits, Size.Height, Size.Width, Threads, WarmUps, Timed, mode);

    private static IEnumerable<string> Text(params object[] words) =>
        words.Select(word => Convert.ToString(word, CultureInfo.InvariantCulture)!);
}
