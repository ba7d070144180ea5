using System.Globalization;
using SpGpu.Data;
using SpGpu.Peers.Children;
using SpGpu.Peers.Engines;
using SpGpu.Peers.Options;
using SpGpu.Peers.Reports;
using SpGpu.Synth;

namespace SpGpu.Peers.Workloads;

/// <summary>A folder of JPEGs from files to label maps as files, beside what the network alone takes for the same pictures.</summary>
internal sealed class FolderThroughput(Bench bench, FolderOptions options)
{
    private string Pictures =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Pictures} JPEGs {options.Size.Width}x{options.Size.Height}");

    /// <summary>False where a process failed or label maps are missing.</summary>
    public bool Run()
    {
        Report report = bench.Report;
        report.Line($"## {options.Network.Name}, {Pictures}, {options.Runs.Text}");
        report.Line();
        string pictures = bench.Files.FolderOf(Pictures, Make), labels = bench.Files.FolderOf($"{Pictures}, {options.Network.Key}, labels");
        var words = new FolderWords(bench.Files.SafeTensorsOf(options.Network), pictures, labels, options.Runs.Threads, options.WarmUps,
            ComputeOnly: true);
        var turns = new Turns([Engine("network alone", words), Engine("files to files", words with { ComputeOnly = false })]);
        var table = new Table(report, ("", -8), ("network alone", 13), ("files to files", 14), ("share", 6));
        for (int round = 1; round <= options.Runs.Rounds; round++)
        {
            turns.Next();
            double? alone = turns[0][^1]?.Seconds, whole = turns[1][^1]?.Seconds;
            table.Row($"round {round}", Table.Seconds(alone), Table.Seconds(whole), Table.Ratio(alone / whole));
        }
        double? wholeSeconds = turns.MedianOf(1, measured => measured.Seconds);
        Row("time s", measured => measured.Seconds, Table.Seconds);
        Row("images/s", measured => options.Pictures / measured.Seconds, rate => Table.Number(rate, "0.00"));
        Row("first s", measured => measured.FirstSeconds, Table.Seconds);
        Row("peak MB", measured => measured.PeakBytes, Table.Megabytes);
        report.Line();
        foreach (string complaint in turns.Complaints)
            report.Line($"- {complaint}");
        bool complete = wholeSeconds is not null && HasAllLabels(report, labels);
        if (turns.MedianRatio(0, 1, measured => measured.Seconds) is { } share)
            report.Line($"- From files to files SpGpu has {Table.Number(100 * share, "0")} percent of the network's own speed.");
        report.Line();
        report.Save();
        bench.Summary.Add($"{options.Network.Key}, {options.Pictures} JPEGs", options.Runs.Threads, options.Runs.Instructions.Name,
            wholeSeconds, null, null);
        return complete && !turns.Complaints.Any();

        void Row(string heading, Func<Measurement, double> number, Func<double?, string> format) =>
            table.Row(heading, format(turns.MedianOf(0, number)), format(turns.MedianOf(1, number)), "");
    }

    private Engine Engine(string name, FolderWords words) =>
        Programs.OwnProcess(name, options.Runs.Instructions, "own-folder", words.Words);

    private void Make(string folder)
    {
        var scenes = new SynthOptions { Width = options.Size.Width, Height = options.Size.Height, Split = SynthSplit.Test, Seed = 1 };
        for (int i = 0; i < options.Pictures; i++)
            SyntheticScenes.Generate(scenes, i).Image
                .Write(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:00}.jpg")));
    }

    private bool HasAllLabels(Report report, string folder)
    {
        string[] maps = Directory.GetFiles(folder, "*.png");
        bool all = maps.Length == options.Pictures
            && maps.All(map => LabelMap.Read(map) is { } read && (read.Width, read.Height) == (options.Size.Width, options.Size.Height));
        if (!all)
            report.Line($"- LABEL MAPS ARE MISSING or of another size: {maps.Length} of {options.Pictures} were written.");
        return all;
    }
}
