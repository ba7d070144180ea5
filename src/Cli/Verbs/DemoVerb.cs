using System.CommandLine;
using System.Globalization;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Data;
using SpGpu.Data.Metrics;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Synth;

namespace SpGpu.Cli.Verbs;

/// <summary>
/// <c>spgpu demo</c>: a small network that comes with the tool segments synthetic streets that it has never seen, and is
/// held to their exact labels. Needs no download and no picture.
/// </summary>
internal static class DemoVerb
{
    private const string Weights = "street.safetensors";
    private const int Scenes = 20;
    private const int LabelColumns = 10;

    /// <summary>
    /// Larger than the scenes of the training (480 x 360), which were enlarged up to 1.4 times: thin things are two
    /// pixels wide at least.
    /// </summary>
    private const int Width = 640, Height = 480;

    public static Command Create(Terminal terminal)
    {
        var folder = new Option<string>("--out")
        {
            Description = "Folder for the pictures",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("output", "demo"),
        };
        Option<int> seed = Options.Number("--seed", "Chooses the scenes", 0, 1);
        var device = new DeviceChoice();
        var command = new Verb("demo", $"Segment {Scenes} synthetic streets with a network that comes with the tool.", "spgpu demo")
        {
            folder, seed, device.Name, device.Threads,
        };
        command.SetAction(parsed =>
        {
            string output = parsed.GetRequiredValue(folder);
            OutputFolder.Create(output);
            using Device opened = device.Open(parsed);
            using var net = SegmentationNetwork.Load(Path.Combine(AppContext.BaseDirectory, Weights), opened);
            terminal.Print("streets:", $"{Scenes} that the network has never seen, on {opened.Name}, {opened.Description}", LabelColumns);
            Legend legend = Legend.For(null, null, net.Architecture.Classes, net.Classes);
            var pixels = new ConfusionMatrix(net.Architecture.Classes);
            var options = new SynthOptions { Width = Width, Height = Height, Split = SynthSplit.Test, Seed = (ulong)parsed.GetValue(seed) };
            terminal.ForEach("scenes", [.. Enumerable.Range(0, Scenes)], index =>
            {
                SyntheticScene scene = SyntheticScenes.Generate(options, index);
                LabelMap map = net.Segment(scene.Image);
                pixels.Add(scene.Labels.Labels, map.Labels);
                RgbImage row = RgbImage.SideBySide(
                    scene.Image, scene.Labels.Overlay(scene.Image, legend.Palette), map.Overlay(scene.Image, legend.Palette));
                legend.Below(row, scene.Labels, map)
                    .Write(Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{index + 1:00}.png")));
            });
            Report(terminal, pixels.Score(), output);
        });
        return command;
    }

    private static void Report(Terminal terminal, SegmentationScores scores, string folder)
    {
        terminal.Print("wrote:", $"'{folder}': each picture, its labels, and what the network makes of it", LabelColumns);
        for (int c = 0; c < scores.ClassIoU.Count; c++)
            terminal.Print(
                string.Create(CultureInfo.InvariantCulture,
                    $"  {SynthClasses.Names[c],-12} {scores.ClassIoU[c]:0.000}{(IsThin((SynthClass)c) ? "  thin" : "")}"));
        terminal.Print(string.Create(CultureInfo.InvariantCulture, $"mIoU: {scores.MeanIoUOfPresent:0.000}"));
    }

    private static bool IsThin(SynthClass c) =>
        c is SynthClass.Pole or SynthClass.LaneLine or SynthClass.GuardRail or SynthClass.Cable or SynthClass.Kerb;
}
