using System.CommandLine;
using System.Diagnostics;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu segment</c>: label maps, overlays and shares of classes for pictures.</summary>
internal sealed class SegmentVerb
{
    private const int MostNamed = 3;

    private readonly Terminal _terminal;
    private readonly SegmentationNetwork _net;
    private readonly SegmentOptions _options;
    private readonly Legend _legend;
    private readonly OutputNames _names;
    private readonly string _weights;

    private SegmentVerb(
        Terminal terminal, SegmentationNetwork net, SegmentOptions options, Legend legend, OutputNames names, string weights)
    {
        _terminal = terminal;
        _net = net;
        _options = options;
        _legend = legend;
        _names = names;
        _weights = weights;
    }

    public static Command Create(Terminal terminal)
    {
        var pictures = new Argument<string[]>("IMAGE|FOLDER|LIST")
        {
            Description = "Pictures, folders of pictures, or lists (.txt, .lst) with a path a line",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> weights = Options.File("--weights", "The network: .safetensors or .pth, or one that was pulled", required: true);
        var folder = new Option<string>("--out")
        {
            Description = "Folder for NAME.png (labels), NAME.overlay.jpg and NAME.json",
            HelpName = "DIR",
            DefaultValueFactory = _ => "segmented",
        };
        var device = new DeviceChoice();
        Option<string> palette = Options.File(
            "--palette", "ade20k, cityscapes, voc, streets (synthetic), or a file with 'R G B' a line; by default as the weights say");
        Option<string> names = Options.File(
            "--names", "ade20k, cityscapes, voc, streets (synthetic), or a file with a name a line; by default as the weights say");
        var views = new ViewOptions();
        var lenient = new Option<bool>("--no-strict") { Description = "Take weights that do not fit the network exactly" };
        var command = new Verb("segment", "Find the class of every pixel of pictures.",
            "spgpu segment photo.jpg --weights spnet50.safetensors",
            "spgpu segment photos/ --weights spnet50.pth --out maps --window 480 --flip",
            "spgpu segment a.jpg --weights spnet50.pth --official ade20k --scales 0.5,1")
        {
            pictures, weights, folder, device.Name, device.Threads, palette, names, lenient,
        };
        views.AddTo(command);
        command.SetAction(parsed =>
        {
            SegmentOptions options = views.Of(parsed);
            string[] given = parsed.GetRequiredValue(pictures);
            IReadOnlyList<string> expanded = ImageList.Expand(given, terminal.Print);
            string file = WeightsCache.Find(parsed.GetRequiredValue(weights));
            string output = parsed.GetRequiredValue(folder);
            using Device opened = device.Open(parsed);
            using var net = SegmentationNetwork.Load(file, opened, strict: !parsed.GetValue(lenient));
            if (!net.Report.IsExact)
                terminal.Complain($"'{file}' does not fit exactly: {net.Report.Summary}; what is missing has initial values");
            Legend legend = Legend.For(parsed.GetValue(palette), parsed.GetValue(names), net.Architecture.Classes, net.Classes);
            string?[] read = [file, parsed.GetValue(palette), parsed.GetValue(names)];
            OutputFolder.Create(output);
            var taken = new OutputNames(output, [.. expanded, .. given, .. read.OfType<string>()]);
            return new SegmentVerb(terminal, net, options, legend, taken, file).Run(expanded, output);
        });
        return command;
    }

    private int Run(IReadOnlyList<string> pictures, string folder)
    {
        int done = 0;
        var reader = new PictureReader(pictures, _terminal.Complain);
        long start = Stopwatch.GetTimestamp();
        try
        {
            _terminal.ForEach("pictures", pictures, picture => done += TrySegment(picture, reader) ? 1 : 0);
        }
        finally
        {
            // Also after an interruption: what was done until then is there.
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            string all = Text.Count(pictures.Count, "picture");
            _terminal.Print(FormattableString.Invariant($"{done} of {all} in {seconds:0.0} s on {_net.Device.Name}"));
            if (done > 0)
                _terminal.Print("wrote", $"NAME.png, NAME.overlay.jpg and NAME.json to '{folder}'", 6);
        }
        return done == pictures.Count ? ExitCode.Done : ExitCode.BadInput;
    }

    /// <summary>False, after saying why, where a picture cannot be done: that must not stop the others.</summary>
    private bool TrySegment(string picture, PictureReader reader)
    {
        string result;
        try
        {
            PictureFiles files = _names.Take(picture);
            RgbImage image = reader.Take();
            long start = Stopwatch.GetTimestamp();
            LabelMap map = _net.Segment(image, _options);
            double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            // Not before: on the processor the network has every thread.
            reader.Begin();
            files.Write(new SegmentedPicture(picture, image, map, _net.Device.Name, _weights, milliseconds), _legend);
            IEnumerable<string> largest = _legend.Shares(map).Take(MostNamed).Select(share => $"{share.Name} {Text.Percent(share.Share)}");
            string target = Path.GetFileName(files.Labels);
            result = $"{target}: {string.Join(", ", largest)} ({Text.Milliseconds(milliseconds)})";
        }
        catch (Exception error) when (PictureFailure.LeavesOthers(error, _net.Device))
        {
            _terminal.Complain(PictureFailure.Describe(picture, error));
            _terminal.Trace(error);
            return false;
        }
        _terminal.Print($"{picture} ->", result, 3);
        return true;
    }
}
