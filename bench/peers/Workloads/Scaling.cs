using SpGpu.Gpu;
using SpGpu.Peers.Children;
using SpGpu.Peers.Engines;
using SpGpu.Peers.Options;
using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Workloads;

/// <summary>
/// A training step of N processes with a thread each beside one process with N threads, on the same N cores and the same number of
/// pictures.
/// </summary>
internal sealed class Scaling(Bench bench, ScalingOptions options)
{
    private readonly Report _report = bench.Report;

    /// <summary>False where something did not run.</summary>
    public bool Run() => options.Networks.Select(Measure).ToArray().All(ran => ran);

    private bool Measure(BenchNetwork network)
    {
        // The size of a training step of SPNet-50 elsewhere in these benchmarks.
        Size2D size = options.Size ?? (network == BenchNetwork.SpNet50 ? new StepOptions().Size : network.SuitedSize);
        _report.Line(FormattableString.Invariant($"## {network.Name}, training step, {size}, {options.Runs.Rounds} rounds"));
        _report.Line();
        var engines = new List<Engine>();
        var pairs = new List<(int Pictures, int Alone, int Together)>();
        foreach (int count in options.Processes)
        {
            int pictures = (Math.Max(options.Batch, count) + count - 1) / count * count;
            int alone = engines.Count;
            engines.Add(Engine(network, pictures, size, 1, count));
            if (count > 1)
                engines.Add(Engine(network, pictures, size, count, 1));
            pairs.Add((pictures, alone, engines.Count - 1));
        }
        var turns = new Turns(engines);
        foreach (int round in options.Runs.Numbers)
        {
            // The report has a table of all rounds.
            Console.Error.WriteLine(FormattableString.Invariant($"round {round} of {options.Runs.Rounds}"));
            turns.Next();
        }
        Print(turns, pairs);
        foreach (string complaint in turns.Complaints)
            _report.Line($"- {complaint}");
        _report.Line();
        _report.Save();
        return !turns.Complaints.Any();
    }

    private Engine Engine(BenchNetwork network, int pictures, Size2D size, int processes, int threads)
    {
        bool large = network == BenchNetwork.SpNet50;
        int warmUps = Math.Max(1, options.Runs.WarmUps ?? (large ? 2 : 20)), timed = options.Runs.Timed ?? (large ? 3 : 20);
        var words = new ShareWords(network, pictures, size, threads, warmUps, timed);
        return Programs.BoundProcesses($"{processes} x {threads}", processes, threads, "own-training-share", words.Words);
    }

    private void Print(Turns turns, IReadOnlyList<(int Pictures, int Alone, int Together)> pairs)
    {
        var table = new Table(
            _report, ("processes x threads", -19), ("pictures", 8), ("time s", 8), ("least s", 8), ("work s", 8), ("efficiency", 10),
            ("rounds", -14), ("in passes s", 11), ("gradients s", 11), ("calls", 5), ("MB sent", 7));
        foreach ((int pictures, int alone, int together) in pairs)
        {
            Row(alone, null);
            if (together != alone)
                Row(together, alone);

            void Row(int engine, int? beside)
            {
                double[] ratios = beside is { } other ? turns.Ratios(other, engine, measured => measured.Seconds) : [];
                table.Row(
                    turns.Engines[engine].Name, Table.Number(pictures, "0"),
                    Table.Seconds(turns.MedianOf(engine, measured => measured.Seconds)),
                    Table.Seconds(turns[engine].OfType<Measurement>().Min(measured => (double?)measured.Seconds)),
                    Table.Seconds(Counted(engine, OwnShare.Work)),
                    Table.Ratio(ratios.Length == 0 ? null : Median.Of(ratios)),
                    ratios.Length == 0 ? "-" : $"{Table.Ratio(ratios.Min())} to {Table.Ratio(ratios.Max())}",
                    Table.Seconds(Counted(engine, OwnShare.InPasses)), Table.Seconds(Counted(engine, OwnShare.OfGradients)),
                    Table.Number(Counted(engine, OwnShare.Calls), "0"), Table.Number(Counted(engine, OwnShare.Bytes) / 1e6, "0.0"));
            }
        }
        _report.Line();

        double? Counted(int engine, string name) => turns[engine].OfType<Measurement>().Any(measured => measured.Counts.ContainsKey(name))
            ? turns.MedianOf(engine, measured => measured.Counts[name])
            : null;
    }
}
