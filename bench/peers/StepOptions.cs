using System.Globalization;

namespace SpGpu.Peers;

/// <summary>The training step that is timed: SPNet-50 with both heads, SGD with momentum.</summary>
internal sealed record StepOptions
{
    public string Device { get; init; } = "cpu";

    public int Batch { get; init; } = 2;

    public int Height { get; init; } = 225;

    public int Width { get; init; } = 225;

    public int Classes { get; init; } = 150;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public int WarmUps { get; init; } = 1;

    /// <summary>Timed steps of one process.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Processes of each engine, in turn.</summary>
    public int Rounds { get; init; } = 5;

    /// <exception cref="FormatException">An option is unknown or no number.</exception>
    public static StepOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new StepOptions();
        for (int i = 0; i < words.Length; i += 2)
        {
            if (i + 1 == words.Length)
                throw new FormatException($"'{words[i]}' needs a value");
            string value = words[i + 1];
            options = words[i] switch
            {
                "--device" => options with { Device = value },
                "--batch" => options with { Batch = Number(value) },
                "--height" => options with { Height = Number(value) },
                "--width" => options with { Width = Number(value) },
                "--classes" => options with { Classes = Number(value) },
                "--threads" => options with { Threads = Number(value) },
                "--warmups" => options with { WarmUps = Number(value) },
                "--steps" => options with { Steps = Number(value) },
                "--rounds" => options with { Rounds = Number(value) },
                _ => throw new FormatException($"'{words[i]}' is not an option"),
            };
        }
        return options;
    }

    /// <summary>The words that <see cref="Parse"/> reads.</summary>
    public IEnumerable<string> Words => Text(
        ["--device", Device, "--batch", Batch, "--height", Height, "--width", Width, "--classes", Classes, "--threads", Threads, "--warmups", WarmUps, "--steps", Steps]);

    /// <summary>The words that the script for PyTorch reads; its CUDA devices are called like ours.</summary>
    public IEnumerable<string> PyTorchWords => Text([Device, Batch, Height, Width, Classes, Threads, WarmUps, Steps]);

    private static IEnumerable<string> Text(object[] words) => words.Select(word => Convert.ToString(word, CultureInfo.InvariantCulture)!);

    private static int Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
        ? number
        : throw new FormatException($"'{value}' is not a number from 1 up");
}
