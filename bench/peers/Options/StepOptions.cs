using System.Globalization;
using SpGpu.Gpu;

namespace SpGpu.Peers.Options;

/// <summary>The training step that is timed: SPNet-50 with both heads, SGD with momentum.</summary>
internal sealed record StepOptions
{
    public string Device { get; init; } = "cpu";

    public int Batch { get; init; } = 2;

    public Size2D Size { get; init; } = 225;

    public int Classes { get; init; } = 150;

    public Runs Runs { get; init; } = new();

    /// <summary>Steps before the timed ones; the first of all always is one of them.</summary>
    public int WarmUps => Math.Max(1, Runs.WarmUps ?? 1);

    /// <summary>Timed steps of one process.</summary>
    public int Steps => Runs.Timed ?? 1;

    /// <exception cref="ConfigurationException">An option has a value that cannot be used.</exception>
    public static StepOptions Take(OptionWords words)
    {
        var preset = new StepOptions();
        // --steps is the older name of --runs.
        int? steps = words.NumberOrNull("--steps");
        Runs runs = Runs.Take(words);
        return new StepOptions
        {
            Device = words.Text("--device") ?? preset.Device,
            Batch = words.Number("--batch", preset.Batch),
            Size = (words.Number("--height", preset.Size.Height), words.Number("--width", preset.Size.Width)),
            Classes = words.Number("--classes", preset.Classes),
            Runs = runs with { Timed = steps ?? runs.Timed },
        };
    }

    /// <summary>The words that <see cref="Take"/> reads in the process that is timed.</summary>
    public IEnumerable<string> Words => Text(
        "--device", Device, "--batch", Batch, "--height", Size.Height, "--width", Size.Width, "--classes", Classes,
        "--threads", Runs.Threads, "--warmups", WarmUps, "--steps", Steps);

    /// <summary>The words that the script for PyTorch reads; its CUDA devices are called like ours.</summary>
    public IEnumerable<string> PyTorchWords => Text(Device, Batch, Size.Height, Size.Width, Classes, Runs.Threads, WarmUps, Steps);

    private static IEnumerable<string> Text(params object[] words) =>
        words.Select(word => Convert.ToString(word, CultureInfo.InvariantCulture)!);
}
