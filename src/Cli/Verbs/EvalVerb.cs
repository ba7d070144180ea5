using System.CommandLine;
using System.Diagnostics;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;
using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Data.Metrics;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Mpi;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu eval</c>: how good weights are on pictures with labels.</summary>
internal sealed class EvalVerb
{
    private readonly Terminal _terminal;
    private readonly SegmentationNetwork _net;
    private readonly SegmentationDataset _dataset;
    private readonly SegmentOptions _options;
    private readonly MpiGroup? _group;
    private ConfusionMatrix _pixels;

    private EvalVerb(Terminal terminal, SegmentationNetwork net, SegmentationDataset dataset, SegmentOptions options, MpiGroup? group)
    {
        _group = group;
        _terminal = terminal;
        _net = net;
        _dataset = dataset;
        _options = options;
        _pixels = new ConfusionMatrix(dataset.Classes);
    }

    public static Command Create(Terminal terminal)
    {
        Option<string> weights = Options.Weights(required: true);
        var folder = new Option<string>("--data") { Description = "A folder with images/ and labels/", HelpName = "DIR" };
        var files = new DatasetOptions();
        Option<string> names = Options.File(
            "--names", "ade20k, cityscapes, voc, streets (synthetic), or a file with a name a line; by default as the weights say");
        Option<string> json = JsonResults.Option();
        Option<string> confusion = Options.File("--confusion", "Write the confusion matrix as CSV");
        var device = new DeviceChoice();
        var views = new ViewOptions();
        var command = new Verb("eval", "Measure how good weights are on pictures with labels.",
            "spgpu eval --weights spnet50.safetensors --data validation",
            "spgpu eval --weights w.pth --list val.txt --labels ade20k --official ade20k")
        {
            weights, folder, names, json, confusion, device.Name, device.Threads,
        };
        files.AddTo(command);
        views.AddTo(command);
        command.SetAction(parsed => Processes.Run(terminal, group =>
        {
            SegmentOptions options = views.Of(parsed);
            IReadOnlyList<Sample> samples = files.Samples(parsed, parsed.GetValue(folder), "--data DIR", note: terminal.Print);
            string file = WeightsCache.Find(parsed.GetRequiredValue(weights));
            string? scores = parsed.GetValue(json), matrix = parsed.GetValue(confusion);
            // Now, because evaluating takes long.
            string?[] read = [file, files.List(parsed), parsed.GetValue(names), .. samples.Select(sample => sample.Image),
                .. samples.Select(sample => sample.Label)];
            var results = JsonResults.Of(scores, terminal, read);
            if (matrix is not null)
            {
                OutputFile.ThrowIfRead(matrix, "--confusion", read);
                OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(matrix)));
            }
            if (scores is not null && matrix is not null && FileIdentity.AreSame(scores, matrix))
                throw new ConfigurationException($"--json and --confusion name one file, '{matrix}'; give --confusion another name");
            using Device opened = device.Open(parsed, group: group);
            using var net = SegmentationNetwork.Load(file, opened);
            Legend legend = Legend.For(null, parsed.GetValue(names), net.Architecture.Classes, net.Classes);
            var dataset = new SegmentationDataset(samples, net.Architecture.Classes, files.Transform(parsed));
            group?.RequireSame(("other pictures, weights or options",
                Fnv1a.Of(string.Join('\n', [.. samples.Select(sample => sample.Image), file, $"{options}"]))));
            var verb = new EvalVerb(terminal, net, dataset, options, group);
            int done = verb.Run(legend.Names);
            bool writes = done > 0 && group is null or { Rank: 0 };
            if (writes)
                results?.Write(writer => new ScoreJson(file, opened.Name, done, options).Write(writer, verb._pixels.Score(), legend.Names));
            if (writes && matrix is not null)
                ConfusionFile.Write(matrix, verb._pixels, legend.Names);
            return done == samples.Count ? ExitCode.Done : ExitCode.BadInput;
        }));
        return command;
    }

    /// <summary>Evaluates and shows the scores; the number of pictures that could be read.</summary>
    private int Run(IReadOnlyList<string> names)
    {
        int done = 0, all = _dataset.Samples.Count;
        long start = Stopwatch.GetTimestamp();
        bool isStopped = false;
        try
        {
            _terminal.ForEach("pictures", [.. _group.Share(Enumerable.Range(0, all))], index => done += TryAdd(index) ? 1 : 0);
        }
        catch (OperationCanceledException)
        {
            isStopped = true;
        }
        catch when (_group is null)
        {
            Show(done, all, start, names);
            throw;
        }
        (done, isStopped) = _group.Together(done, isStopped);
        if (_group is not null)
            _pixels = _pixels.SumOver(_group);
        if (_group is null or { Rank: 0 })
            Show(done, all, start, names);
        return isStopped ? throw new OperationCanceledException(_terminal.Stop) : done;
    }

    /// <summary>Also after an interruption: hours of work may be in it.</summary>
    private void Show(int done, int all, long start, IReadOnlyList<string> names)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (done > 0)
        {
            foreach (string line in ScoreTable.Classes(_pixels.Score(), names, _terminal.Columns))
                _terminal.Print(line);
        }
        string devices = _group is null ? _net.Device.Name : $"{_group.Count} x {_net.Device.Name}";
        _terminal.Print(FormattableString.Invariant($"{done} of {Text.Count(all, "picture")} in {seconds:0.0} s on {devices}"));
        if (done > 0)
        {
            foreach (string line in ScoreTable.Means(_pixels.Score()))
                _terminal.Print(line);
        }
    }

    /// <summary>False, after saying why, where the picture or its labels cannot be used: that must not stop the others.</summary>
    private bool TryAdd(int index)
    {
        try
        {
            (RgbImage image, LabelMap labels) = _dataset.Read(index);
            long start = Stopwatch.GetTimestamp();
            LabelMap found = _net.Segment(image, _options);
            double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            _pixels.Add(labels.Labels, found.Labels);
            double sofar = _pixels.Score().MeanIoUOfPresent;
            _terminal.Note(FormattableString.Invariant(
                $"{_dataset.Samples[index].Image}: mIoU so far {sofar:0.000} ({Text.Milliseconds(milliseconds)})"));
            return true;
        }
        catch (Exception error) when (PictureFailure.LeavesOthers(error, _net.Device))
        {
            _terminal.Complain(PictureFailure.Describe(_dataset.Samples[index].Image, error));
            _terminal.Trace(error);
            return false;
        }
    }
}
