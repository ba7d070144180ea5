using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Peers.Children;
using SpGpu.Peers.Engines;
using SpGpu.Peers.Options;
using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Workloads;

/// <summary>
/// What matters of a processor that nobody knows yet, within minutes: its limits and caches, SpGpu beside ONNX Runtime,
/// wide vectors beside narrower ones, and the layers that lose most time.
/// </summary>
internal sealed class OneProcessor(Bench bench, CpuOptions options)
{
    private static readonly BenchNetwork[] _networks = [BenchNetwork.Small, BenchNetwork.SpNet50];

    private readonly Report _report = bench.Report;
    private readonly DateTime _end = DateTime.UtcNow.AddMinutes(options.Minutes);
    private bool _good = true;

    /// <summary>False where one of the workloads failed; the others are run all the same.</summary>
    public bool Run()
    {
        var work = new List<Action<Runs>>();
        foreach (BenchNetwork network in _networks)
        {
            foreach (int threads in options.Threads)
            {
                work.Add(runs => Layers(network, runs with { Threads = threads }));
                work.Add(runs => Infer(network, runs with { Threads = threads }));
                if (InstructionSet.HasAvx512)
                    work.Add(runs => Widths(network, runs with { Threads = threads }));
            }
        }
        work.Add(runs => Step(runs with { Threads = options.Threads[^1] }));
        for (int i = 0; i < work.Count; i++)
        {
            // What is left is shared by those that are left.
            TimeSpan share = (_end - DateTime.UtcNow) / (work.Count - i);
            work[i](options.Runs with { Instructions = InstructionSet.Native, Until = DateTime.UtcNow + share });
            _report.Save();
        }
        bench.Summary.Print(_report);
        return _good;
    }

    private Size2D SizeOf(BenchNetwork network) => options.Size ?? network.SuitedSize;

    private InferenceOptions Inference(BenchNetwork network, Runs runs) =>
        new() { Network = network, Size = SizeOf(network), TorchMode = TorchModes.All[0], Runs = runs };

    private InferenceWords Words(InferenceOptions inference) => new(
        bench.Files.SafeTensorsOf(inference.Network), bench.Files.ImageOf(inference.Size), bench.Files.Fresh("cpu.logits"),
        inference.Size, inference.Runs.Threads, inference.WarmUps, inference.TimedRuns);

    private void Infer(BenchNetwork network, Runs runs) => _good &= new InferenceComparison(bench, Inference(network, runs)).Run();

    private void Step(Runs runs)
    {
        var step = new StepOptions { Runs = runs };
        _good &= new StepComparison(bench, step with { Size = options.Size ?? step.Size }).Run();
    }

    private void Widths(BenchNetwork network, Runs runs)
    {
        Heading(network, $"{runs.Text} beside AVX2");
        InferenceWords words = Words(Inference(network, runs));
        var comparison = new Comparison(
            _report, [Programs.OwnProcess("AVX2", InstructionSet.HeldToAvx2, "own-inference", words.Words)],
            Programs.OwnProcess(Programs.Own, InstructionSet.Native, "own-inference", words.Words));
        foreach (int round in runs.Numbers)
            _good &= comparison.Round(round).All(ran => ran);
        comparison.Medians();
        comparison.Close();
        _report.Line();
    }

    private void Layers(BenchNetwork network, Runs runs)
    {
        Heading(network, $"{runs.Text}, where it loses time");
        Engine engine = Programs.OwnProcess(Programs.Own, InstructionSet.Native, "own-layers", Words(Inference(network, runs)).Words);
        string[]? lines = engine.Print(out string complaint);
        _good &= lines is not null;
        foreach (string line in lines ?? [$"- SpGpu did not run: {complaint}"])
            _report.Line(line);
        _report.Line();
    }

    private void Heading(BenchNetwork network, string what)
    {
        Size2D size = SizeOf(network);
        _report.Line(string.Create(CultureInfo.InvariantCulture, $"## {network.Name} {size.Width}x{size.Height}, {what}"));
        _report.Line();
    }
}
