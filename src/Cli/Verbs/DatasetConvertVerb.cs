using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Data;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu dataset convert</c>: label maps whose values are classes, of pictures that have a colour for each class.</summary>
internal static class DatasetConvertVerb
{
    public static Verb Create(Terminal terminal)
    {
        var pictures = new Argument<string[]>("IMAGE|FOLDER|LIST")
        {
            Description = "Coloured labels, folders of them, or lists (.txt, .lst) with a path a line",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> palette = Options.File(
            "--palette", "ade20k, cityscapes, voc, streets (synthetic), or a file with 'R G B' a line: the first is class 0");
        var folder = new Option<string>("--out")
        {
            Description = "Folder for NAME.png, whose values are classes",
            HelpName = "DIR",
            DefaultValueFactory = _ => "labels",
        };
        var others = new Option<bool>("--ignore-others") { Description = "Pixels of another colour do not count (255)" };
        var command = new Verb("convert", "Make labels of coloured ones; without --palette, list their colours for such a file.",
            "spgpu dataset convert coloured > palette.txt",
            "spgpu dataset convert coloured --palette palette.txt --out pictures/labels")
        {
            pictures, palette, folder, others,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<string> files = ImageList.Expand(parsed.GetRequiredValue(pictures), terminal.Complain);
            if (parsed.GetValue(palette) is not { } colours)
            {
                foreach (Option option in (Option[])[folder, others])
                {
                    if (parsed.GetResult(option) is { Implicit: false })
                        throw new ConfigurationException(
                            $"{option.Name} belongs to --palette, without which colours are listed; give both or neither");
                }
                List(terminal, files);
                return;
            }
            string target = parsed.GetRequiredValue(folder);
            var labels = new ColourLabels(Legend.Coloured(colours), $"palette '{colours}'", ignoresOthers: parsed.GetValue(others));
            string[] targets = Targets(files, target);
            OutputFolder.Create(target);
            // As they lie in the file: labels have no orientation.
            terminal.ForEach("pictures", [.. files.Zip(targets)], pair =>
                labels.Convert(RgbImage.Read(pair.First, orient: false), pair.First).Write(pair.Second, labels.Palette));
            terminal.Wrote($"{Text.Count(files.Count, "label map")} to '{target}'");
            string shown = File.Exists(colours) ? $" colors_path={colours}" : "";
            terminal.Print("train with:", FormattableString.Invariant($"classes={labels.Palette.Count}{shown}"), 12);
        });
        return command;
    }

    /// <summary>Where the labels go; all are looked at before one is written.</summary>
    private static string[] Targets(IReadOnlyList<string> files, string folder)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string file in files)
        {
            string name = $"{Path.GetFileNameWithoutExtension(file)}.png";
            if (!names.TryAdd(name, file))
                throw new DatasetException($"'{names[name]}' and '{file}' share a name, so their labels would be the same; rename one");
        }
        var read = new FileSet(files);
        foreach ((string name, string file) in names)
        {
            if (read.Holds(FileIdentity.Of(Path.Combine(folder, name))))
                throw new DatasetException($"the labels of '{file}' would replace a picture that is read; name another folder with --out");
        }
        return [.. files.Select(file => Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(file)}.png"))];
    }

    /// <summary>Prints the colours of all pictures, the most frequent first, as a file of colours has them.</summary>
    private static void List(Terminal terminal, IReadOnlyList<string> files)
    {
        var pixels = new Dictionary<Rgb, long>();
        terminal.ForEach("pictures", files, file =>
        {
            foreach ((Rgb colour, int count) in ColourLabels.Count(RgbImage.Read(file, orient: false)))
                pixels[colour] = pixels.GetValueOrDefault(colour) + count;
            if (pixels.Count > Palette.MaxColours)
                throw new DatasetException(
                    $"more than {Palette.MaxColours} colours up to '{file}': these are no coloured labels, or a format such as JPEG " +
                    "has changed them; take them as PNG");
        });
        terminal.Print("# A colour a line, the first is class 0: put them in the order of the classes, and take out what is none.");
        foreach (Rgb colour in pixels.OrderByDescending(pair => pair.Value).Select(pair => pair.Key))
            terminal.Print(FormattableString.Invariant($"{colour.R} {colour.G} {colour.B}"));
    }
}
