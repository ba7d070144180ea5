using System.CommandLine;
using System.Diagnostics;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu demo</c>: the whole way from a picture to a label map, without any download.</summary>
internal static class DemoVerb
{
    private const string Picture = "boats.jpg";

    private const int Seed = 1;

    private static readonly SpNetArchitecture _small =
        SpNetArchitecture.Of(classes: 19, stem: [16, 16, 32], planes: [16, 32, 64, 128], blocks: [2, 2, 2, 3]) with { Auxiliary = false };

    public static Command Create(Terminal terminal)
    {
        var folder = new Option<string>("--out")
        {
            Description = "Folder for the results",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("output", "demo"),
        };
        Option<string> device = Options.Device();
        Option<int> threads = Options.Threads();
        var command = new Verb("demo", "Segment a picture that comes with the tool, with a small network of random weights.", "spgpu demo")
        {
            folder, device, threads,
        };
        command.SetAction(parsed =>
        {
            string output = parsed.GetRequiredValue(folder);
            OutputFolder.Create(output);
            using Device opened = Device.Open(parsed.GetRequiredValue(device), parsed.GetValue(threads));
            Run(terminal, opened, output);
        });
        return command;
    }

    private static void Run(Terminal terminal, Device device, string folder)
    {
        terminal.Print($"{Picture} through a small SPNet on {device.Name} ({device.Description})");
        RgbImage image = Stage(terminal, "read", ReadPicture);
        using SpNet net = Stage(terminal, "build network", () => SpNet.Random(_small, device, Seed));
        Stage(terminal, "first run", () => net.Segment(image));
        long start = Stopwatch.GetTimestamp();
        LabelMap map = Stage(terminal, "second run", () => net.Segment(image));
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        PictureFiles files = new OutputNames(folder, []).Take(Picture);
        Stage(terminal, "write", () =>
        {
            var picture = new SegmentedPicture(Picture, image, map, device.Name, $"random, seed {Seed}", milliseconds);
            files.Write(picture, Legend.For(null, null, _small.Classes));
            return files;
        });
        foreach (string file in (string[])[files.Labels, files.Overlay, files.Report])
            terminal.Print($"wrote '{file}'");
        terminal.Print("The weights are random: the picture shows colours that mean nothing yet.");
        terminal.Print("With trained ones: spgpu segment PICTURE --weights FILE");
    }

    private static T Stage<T>(Terminal terminal, string name, Func<T> work)
    {
        terminal.ThrowIfStopped();
        long start = Stopwatch.GetTimestamp();
        T result = work();
        terminal.Print($"  {name,-13} {Text.Milliseconds(Stopwatch.GetElapsedTime(start).TotalMilliseconds),10}");
        return result;
    }

    private static RgbImage ReadPicture()
    {
        using Stream stream = typeof(DemoVerb).Assembly.GetManifestResourceStream(Picture)
            ?? throw new InvalidOperationException($"the tool was built without '{Picture}'");
        return RgbImage.Read(stream, Picture);
    }
}
