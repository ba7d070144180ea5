using System.CommandLine;
using System.Globalization;
using System.Text;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Data.Datasets;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu dataset split</c>: two lists of one folder, for training and for validation.</summary>
internal static class DatasetSplitVerb
{
    private const string Train = "train.txt", Validation = "validation.txt";

    /// <summary>Readers of lists pass over it.</summary>
    private const string Mark = "# Written by spgpu dataset split, which replaces this file.";

    public static Verb Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "A folder with images/ and labels/" };
        var share = new Option<double>("--validation")
        {
            Description = "The share of the pictures that is kept for validation",
            HelpName = "X",
            DefaultValueFactory = _ => 0.1,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double x) && x is > 0 and < 1)
                    return x;
                result.AddError($"--validation {text}: give a number between 0 and 1, such as 0.1");
                return 0;
            },
        };
        Option<int> seed = Options.Number("--seed", "Another number draws other pictures", 0, 0);
        var command = new Verb("split", "Part the pictures of a folder into those of training and of validation.",
            "spgpu dataset split pictures --validation 0.1")
        {
            folder, share, seed,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            Sample[] samples = [.. Drawn(SampleFolder.Read(path, note: terminal.Print), parsed.GetValue(seed))];
            if (samples.Length < 2)
                throw new DatasetException($"'{path}' has one picture; two are needed to part them");
            ThrowIfOfOthers(path, Train);
            ThrowIfOfOthers(path, Validation);
            int kept = Math.Clamp((int)Math.Round(samples.Length * parsed.GetValue(share)), 1, samples.Length - 1);
            Write(path, Validation, samples[..kept]);
            Write(path, Train, samples[kept..]);
            string train = Path.Combine(path, Train), validation = Path.Combine(path, Validation);
            terminal.Print($"'{train}': {Text.Count(samples.Length - kept, "picture")}, '{validation}': {Text.Count(kept, "picture")}");
            terminal.Print("train with:", $"data_root={train} val_root={validation}", 12);
        });
        return command;
    }

    /// <summary>In an order that depends on the names alone, so that a picture that comes later moves few others.</summary>
    private static IOrderedEnumerable<Sample> Drawn(IEnumerable<Sample> samples, int seed) => samples
        .OrderBy(sample => SplitMix64.Mix(Fnv1a.Of(Path.GetFileName(sample.Image)) + (ulong)seed * SplitMix64.Step))
        .ThenBy(sample => sample.Image, StringComparer.Ordinal);

    private static void ThrowIfOfOthers(string folder, string list)
    {
        string path = Path.Combine(folder, list);
        if (File.Exists(path) && File.ReadLines(path).FirstOrDefault() != Mark)
            throw new OutputException($"'{path}' was not written by this command, and stays; rename it");
    }

    /// <summary>Writes a list whose paths start from its own folder.</summary>
    private static void Write(string folder, string list, IEnumerable<Sample> samples)
    {
        IEnumerable<string> lines = samples
            .Select(sample => $"{Path.GetRelativePath(folder, sample.Image)}\t{Path.GetRelativePath(folder, sample.Label!)}\n")
            .Order(StringComparer.Ordinal);
        AtomicFile.Write(Path.Combine(folder, list), stream => stream.Write(Encoding.UTF8.GetBytes($"{Mark}\n{string.Concat(lines)}")));
    }
}
