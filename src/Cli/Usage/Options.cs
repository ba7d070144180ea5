using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Reflection;
using SpGpu.Data;
using SpGpu.Gpu;

namespace SpGpu.Cli.Usage;

/// <summary>Options that several verbs share.</summary>
internal static class Options
{
    public const string VerboseName = "--verbose";

    public static Option<int> Threads() => Number("--threads", "Threads of the cpu; 0 is one a processor", 0, 0);

    /// <summary>For verbs that check or measure one kind of kernel.</summary>
    public static Option<int> Tile() => Number("--tile", "Side of the tiles of GPU convolutions: 32, 64 or 128; 0 suits the shape", 0, 0);

    public static Option<string> File(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "FILE",
        Required = required,
    };

    public static Option<string> Weights(bool required) =>
        File("--weights", "The network: .safetensors, .pth or .onnx, or one that was pulled", required);

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public static Option<int> Number(string name, string description, int least, int preset) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => preset,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least)
                return number;
            result.AddError(FormattableString.Invariant($"{name} {text}: give a whole number, {least} or more"));
            return preset;
        },
    };

    /// <summary>One of some words; the first of them are shown in the help, <paramref name="others"/> are taken, too.</summary>
    public static Option<string> Choice(string name, string description, string[] words, params string[] others) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!words.Contains(text, StringComparer.Ordinal) && !others.Contains(text, StringComparer.Ordinal))
                result.AddError($"{name} {text}: give {string.Join(", ", words[..^1])} or {words[^1]}{Suggestion.For(text, words)}");
            return text;
        },
    };

    /// <summary>The size of a picture; written width first, as pictures are.</summary>
    public static Option<Size2D> Size() => new("--size")
    {
        Description = "Width and height of the picture",
        HelpName = "WxH",
        DefaultValueFactory = _ => 480,
        CustomParser = result =>
        {
            if (Pair(result.Tokens[0].Value, 'x') is (int width, int height))
                return (height, width);
            result.AddError($"--size {result.Tokens[0].Value}: give width and height, as in 640x480");
            return default;
        },
    };

    /// <summary>The size of raw frames.</summary>
    public static Option<Size2D?> Raw() => new("--raw")
    {
        Description = "The standard input has raw frames (rgb24) of this width and height",
        HelpName = "WxH",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Pair(text, 'x') is (int width, int height) && (long)width * height <= RgbImage.MaxPixels)
                return new Size2D(height, width);
            result.AddError($"--raw {text}: give width and height, as in 640x480, of at most {RgbImage.MaxPixels / 1_000_000} megapixels");
            return null;
        },
    };

    /// <summary>Two numbers of at least 1 with a separator between them.</summary>
    public static (int, int)? Pair(string text, char separator)
    {
        string[] parts = text.Split(separator);
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int second)
            && first > 0 && second > 0
            ? (first, second)
            : null;
    }

    public static Option<bool> Verbose() => new(VerboseName)
    {
        Description = "On an error, also show where it happened; list all faults of a dataset",
        Recursive = true,
    };

    public static Option<bool> Version() => new("--version") { Description = "Show the version", Action = new PrintVersion() };

    /// <summary>Writes the version of the tool.</summary>
    internal sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Assembly assembly = typeof(PrintVersion).Assembly;
            string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? throw new InvalidOperationException("the tool was built without a version");
            parseResult.InvocationConfiguration.Output.WriteLine($"spgpu {version}");
            return ExitCode.Done;
        }
    }
}
