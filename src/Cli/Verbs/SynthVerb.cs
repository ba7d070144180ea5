using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;
using SpGpu.Synth;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu synth</c>: pictures of synthetic streets with exact labels.</summary>
internal static class SynthVerb
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Option<string>("--out")
        {
            Description = "Folder for images/, labels/ and objects/",
            HelpName = "DIR",
            Required = true,
        };
        Option<int> count = Options.Number("--count", "How many scenes", 1, 20);
        Option<int> seed = Options.Number("--seed", "Chooses the sequence of scenes", 0, 0);
        Option<Size2D> size = Options.Size();
        Option<string> split = Options.Choice("--split", "Whose assets are used", ["train", "validation", "test"]);
        split.DefaultValueFactory = _ => "train";
        var cut = new Option<bool>("--cut") { Description = "Cut long thin things into pieces of at most twice their width" };
        var command = new Verb("synth", "Make pictures of synthetic streets with exact labels.",
            "spgpu synth --out streets --count 100 --size 320x240",
            "spgpu synth --out unseen --count 20 --split test")
        {
            folder, count, seed, size, split, cut,
        };
        command.SetAction(parsed =>
        {
            var options = new SynthOptions
            {
                Width = parsed.GetValue(size).Width,
                Height = parsed.GetValue(size).Height,
                Seed = (ulong)parsed.GetValue(seed),
                Split = parsed.GetRequiredValue(split) switch
                {
                    "train" => SynthSplit.Train,
                    "validation" => SynthSplit.Validation,
                    _ => SynthSplit.Test,
                },
                CutThinObjects = parsed.GetValue(cut),
            };
            string target = parsed.GetRequiredValue(folder);
            int scenes = parsed.GetValue(count);
            if (scenes > SyntheticScenes.MaxCount)
                throw new ConfigurationException($"--count {scenes}: give at most {SyntheticScenes.MaxCount}");
            terminal.ForEach("scenes", [.. Enumerable.Range(0, scenes)], index => SyntheticScenes.WriteOne(target, options, index));
            terminal.Wrote(
                $"{Text.Count(scenes, "scene")} of {SynthClasses.Names.Count} classes to '{target}': images/, labels/ and objects/");
        });
        return command;
    }
}
