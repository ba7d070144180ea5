using System.CommandLine;
using System.Globalization;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu profile</c>: the time of every kernel of a network beside the limit of the device.</summary>
internal static class ProfileVerb
{
    private const int LabelColumns = 9;

    public static Command Create(Terminal terminal)
    {
        var networks = new NetworkChoice();
        Option<Size2D> size = Options.Size();
        Option<int> batch = Options.Number("--batch", "Pictures at once, at inference", 1, 1);
        Option<int> training = Options.Number("--training", "Time forward and backward of a batch of N pictures; 0 is inference", 0, 0);
        var device = new DeviceChoice();
        Option<int> runs = Options.Number("--runs", "Timed runs; the median counts", 1, 5);
        Option<int> tile = Options.Tile();
        var group = new Option<bool>("--group") { Description = "One line for kernels of the same work, the longest time first" };
        Option<string> trace = Options.File("--trace", "Also write the median run for ui.perfetto.dev or chrome://tracing");
        Option<string> json = JsonResults.Option();
        var command = new Verb("profile", "Time every kernel of a network.",
            "spgpu profile --random --size 480x480 --group",
            "spgpu profile --random --size 225x225 --training 2 --group",
            "spgpu profile --weights spnet50.safetensors --device cuda:0 --trace trace.json")
        {
            size, batch, training, device.Name, device.Threads, device.NoWinograd, device.NoTensorCores, tile, runs, group, trace,
            json,
        };
        networks.AddTo(command);
        command.SetAction(parsed =>
        {
            (string? file, SegmentationArchitecture? published) = networks.Of(parsed);
            string? traceFile = parsed.GetValue(trace);
            if (traceFile is not null)
                OutputFile.ThrowIfRead(traceFile, "--trace", [file]);
            if (traceFile is not null && parsed.GetValue(json) is { } scores && FileIdentity.AreSame(scores, traceFile))
                throw new ConfigurationException($"--json and --trace name one file, '{traceFile}'; give --trace another name");
            JsonResults? results = JsonResults.Of(parsed.GetValue(json), terminal, file);
            int pictures = parsed.GetValue(batch), trained = parsed.GetValue(training);
            if (pictures > 1 && trained > 0)
                throw new ConfigurationException("--batch is for inference and --training N names its own batch: give one of the two");
            using Device opened = device.Open(parsed, parsed.GetValue(tile), profiling: true);
            using ProfiledNetwork net = ProfiledNetwork.Create(published, file, pictures, trained, opened);
            Size2D extent = parsed.GetValue(size);
            SegmentationArchitecture architecture = net.Architecture;
            string network = $"{architecture.Title}, {extent.Width}x{extent.Height}, {net.Work}";
            string place = $"{opened.Name}, {opened.Description}";
            var limits = DeviceLimits.Measure(opened);
            Profile profile = net.Measure(extent, parsed.GetValue(runs), terminal.Stop);
            var condition = DeviceCondition.Of(opened);
            if (traceFile is not null)
                TraceFile.Write(traceFile, profile, $"{network} on {place}");
            terminal.Print("network:", network, LabelColumns);
            terminal.Print("work:", Work(architecture, extent), LabelColumns);
            terminal.Print("device:", place, LabelColumns);
            IReadOnlyList<ProfileRow> rows = parsed.GetValue(group) ? profile.Grouped() : profile.Rows;
            ProfileTable.Print(terminal, rows, limits);
            LaunchTable.Print(terminal, profile.Launches);
            string activations = Text.Bytes(profile.ActivationBytes), workspace = Text.Bytes(profile.WorkspaceBytes);
            terminal.Print("memory:", $"{activations} of activations, {workspace} between kernels of an operator", 8);
            if (opened.Name != "cpu")
                terminal.Print("clocks:", condition?.ToString() ?? "-", 8);
            terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"total: {profile.TotalMilliseconds:0.000} ms (median of {profile.Runs}), without marks between kernels " +
                $"{profile.UnmarkedMilliseconds:0.000} ms"));
            if (profile.ReplayedMilliseconds is { } replayed)
            {
                terminal.Print(string.Create(CultureInfo.InvariantCulture,
                    $"replayed as a graph, as from the second run of a size on: {replayed:0.000} ms"));
            }
            results?.Write(writer => ProfileJson.Write(writer, network, place, profile, rows));
        });
        return command;
    }

    private static string Work(SegmentationArchitecture architecture, Size2D size)
    {
        Graph graph = architecture.Build();
        double operations = graph.Operations([("image", new Shape(1, 3, size.Height, size.Width))], "score");
        return FormattableString.Invariant(
            $"{operations / 1e9:0.000} GFLOP a picture at inference, {graph.ParameterCount / 1e6:0.00} million parameters");
    }
}
