using System.CommandLine;
using System.Diagnostics;
using SpGpu.Cli.Input;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Mpi;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu segment</c>: label maps, overlays and shares of classes for pictures.</summary>
internal sealed class SegmentVerb
{
    private const int MostNamed = 3;
    private const string Pipe = "-";

    private readonly Terminal _terminal;
    private readonly SegmentationNetwork _net;
    private readonly SegmentOptions _options;
    private readonly Legend _legend;
    private readonly OutputNames _names;
    private readonly string _weights;
    private readonly string _folder;
    private int _done;

    private SegmentVerb(
        Terminal terminal, SegmentationNetwork net, SegmentOptions options, Legend legend, OutputNames names, string weights,
        string folder)
    {
        _terminal = terminal;
        _net = net;
        _options = options;
        _legend = legend;
        _names = names;
        _weights = weights;
        _folder = folder;
    }

    /// <summary>The one kind of files that is written; null for all.</summary>
    private string? Only { get; init; }

    /// <summary>The processes that share the pictures out; null where this one is alone.</summary>
    private MpiGroup? Group { get; init; }

    public static Command Create(Terminal terminal)
    {
        var pictures = new Argument<string[]>("IMAGE|FOLDER|LIST")
        {
            Description = "Pictures, folders of pictures, or lists (.txt, .lst) with a path a line; - alone is the standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> weights = Options.Weights(required: true);
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
        Option<Size2D?> raw = Options.Raw();
        Option<string> only = Options.Choice("--only", "Write one of the three files alone", PictureFiles.Kinds);
        var recursive = new Option<bool>("--recursive") { Description = "Also take the pictures of folders within folders" };
        var views = new ViewOptions();
        var lenient = new Option<bool>("--no-strict") { Description = "Take weights that do not fit the network exactly" };
        var command = new Verb("segment", "Find the class of every pixel of pictures.",
            "spgpu segment photo.jpg --weights spnet50.safetensors",
            "spgpu segment photos/ --weights spnet50.pth --out maps --window 480 --flip",
            "spgpu segment a.jpg --weights spnet50.pth --official ade20k --scales 0.5,1",
            "ffmpeg ... | spgpu segment - --raw 640x480 --weights net.safetensors")
        {
            pictures, weights, folder, device.Name, device.Threads, palette, names, lenient, raw, only, recursive,
        };
        views.AddTo(command);
        command.SetAction(parsed => Processes.Run(terminal, group =>
        {
            SegmentOptions options = views.Of(parsed);
            string[] given = parsed.GetRequiredValue(pictures);
            bool isPiped = IsPiped(given, isRaw: parsed.GetValue(raw) is not null);
            IReadOnlyList<string> expanded = isPiped ? [] : ImageList.Expand(given, terminal.Print, parsed.GetValue(recursive));
            string file = WeightsCache.Find(parsed.GetRequiredValue(weights));
            string output = parsed.GetRequiredValue(folder);
            if (isPiped && group is not null)
                throw new ConfigurationException($"'{Pipe}' goes to one process; start without mpirun, or name files");
            using Device opened = device.Open(parsed, group: group);
            using var net = SegmentationNetwork.Load(file, opened, strict: !parsed.GetValue(lenient));
            if (!net.Report.IsExact)
                terminal.Complain($"'{file}' does not fit exactly: {net.Report.Summary}; what is missing has initial values");
            Legend legend = Legend.For(parsed.GetValue(palette), parsed.GetValue(names), net.Architecture.Classes, net.Classes);
            string?[] read = [file, parsed.GetValue(palette), parsed.GetValue(names)];
            OutputFolder.Create(output);
            if (parsed.GetValue(recursive))
                expanded = OutputFolder.Leave(output, expanded, given);
            group?.RequireSame(("other pictures, weights or options",
                Fnv1a.Of(string.Join('\n', [.. expanded, file, output, $"{options}"]))));
            var taken = new OutputNames(output, [.. expanded, .. given, .. read.OfType<string>()]);
            var verb = new SegmentVerb(terminal, net, options, legend, taken, file, output)
            {
                Only = parsed.GetValue(only),
                Group = group,
            };
            return isPiped ? verb.Run(parsed.GetValue(raw)) : verb.Run(expanded);
        }));
        return command;
    }

    /// <summary>Whether pictures come through a pipe.</summary>
    /// <exception cref="ConfigurationException">From there and from elsewhere, or from elsewhere though they are raw.</exception>
    private static bool IsPiped(string[] given, bool isRaw)
    {
        bool isPiped = given.Contains(Pipe);
        if (isPiped && given.Length > 1)
            throw new ConfigurationException($"'{Pipe}' is the standard input; name it alone");
        if (isRaw && !isPiped)
            throw new ConfigurationException($"--raw is for frames of the standard input; name '{Pipe}' instead of '{given[0]}'");
        return isPiped;
    }

    private int Run(IReadOnlyList<string> pictures)
    {
        Lazy<PictureFiles>[] files = [.. pictures.Select(picture => new Lazy<PictureFiles>(() => _names.Take(picture)))];
        if (Group is not null)
            TakeAll(files);
        (string Picture, Lazy<PictureFiles> Files)[] mine = [.. Group.Share(pictures.Zip(files))];
        var reader = new PictureReader([.. mine.Select(item => item.Picture)], _terminal.Complain);
        Timed(() => _terminal.ForEach("pictures", mine,
            item => Count(TrySegment(item.Picture, item.Files, reader.Take, reader.Begin))), () => pictures.Count);
        return _done == pictures.Count ? ExitCode.Done : ExitCode.BadInput;
    }

    /// <summary>Names depend on those before them, also on those of other processes.</summary>
    private static void TakeAll(IEnumerable<Lazy<PictureFiles>> files)
    {
        foreach (Lazy<PictureFiles> one in files)
        {
            try
            {
                _ = one.Value;
            }
            catch (Exception)
            {
                // Kept, and said by the process whose picture it is.
            }
        }
    }

    /// <summary>Segments what comes through the pipe; after one that cannot be read nobody knows where the next begins.</summary>
    private int Run(Size2D? raw)
    {
        int number = 0;
        using Stream input = _terminal.OpenInput();
        CancellationToken stop = _terminal.Stop;
        // It comes on the thread of the signal: whoever sends pictures may have stopped doing so.
        using CancellationTokenRegistration asked =
            stop.Register(() => _terminal.Note("stopping after this one; Ctrl-C again to stop now"));
        Timed(() =>
        {
            foreach (RgbImage image in PictureStream.Read(input, raw, stop))
            {
                string frame = FormattableString.Invariant($"frame-{++number:000000}");
                Count(TrySegment(frame, new(() => _names.Take(frame)), () => image, () => { }));
            }
        }, () => number);
        return _done == number ? ExitCode.Done : ExitCode.BadInput;
    }

    private void Count(bool isDone) => _done += isDone ? 1 : 0;

    /// <summary>Does all, and says how many were done in which time, also after an interruption: these are there.</summary>
    private void Timed(Action segment, Func<int> pictures)
    {
        long start = Stopwatch.GetTimestamp();
        bool isStopped = false;
        try
        {
            segment();
        }
        catch (OperationCanceledException)
        {
            isStopped = true;
        }
        catch when (Group is null)
        {
            Summarize(start, pictures());
            throw;
        }
        (_done, isStopped) = Group.Together(_done, isStopped);
        if (Group is null or { Rank: 0 })
            Summarize(start, pictures());
        if (isStopped)
            throw new OperationCanceledException(_terminal.Stop);
    }

    private void Summarize(long start, int pictures)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string devices = Group is null ? _net.Device.Name : $"{Group.Count} x {_net.Device.Name}";
        _terminal.Print(FormattableString.Invariant($"{_done} of {Text.Count(pictures, "picture")} in {seconds:0.0} s on {devices}"));
        if (_done == 0)
            return;
        string files = Only switch
        {
            "labels" => "NAME.png",
            "overlay" => "NAME.overlay.jpg",
            "json" => "NAME.json",
            _ => "NAME.png, NAME.overlay.jpg and NAME.json",
        };
        _terminal.Wrote($"{files} to '{_folder}'");
    }

    /// <summary>False, after saying why, where a picture cannot be done: that must not stop the others.</summary>
    /// <param name="picture">Its name.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="take">Reads it.</param>
    /// <param name="begin">Called when the network has left the threads to others.</param>
    private bool TrySegment(string picture, Lazy<PictureFiles> output, Func<RgbImage> take, Action begin)
    {
        string result;
        try
        {
            PictureFiles files = output.Value;
            RgbImage image = take();
            long start = Stopwatch.GetTimestamp();
            LabelMap map = _net.Segment(image, _options);
            double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            // Not before: on the processor the network has every thread.
            begin();
            files.Write(new SegmentedPicture(picture, image, map, _net.Device.Name, _weights, milliseconds), _legend, Only);
            IEnumerable<string> largest = _legend.Shares(map).Take(MostNamed).Select(share => $"{share.Name} {Text.Percent(share.Share)}");
            string target = Only switch { "overlay" => files.Overlay, "json" => files.Report, _ => files.Labels };
            result = $"{Path.GetFileName(target)}: {string.Join(", ", largest)} ({Text.Milliseconds(milliseconds)})";
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
