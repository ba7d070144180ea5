using SpGpu.Gpu;
using SpGpu.Peers.Engines;
using SpGpu.Peers.Options;
using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Workloads;

/// <summary>Every workload with every number of threads and set of instructions.</summary>
internal sealed class Everything(Bench bench, AllOptions options)
{
    /// <summary>False where one of them failed; the others are run all the same.</summary>
    public bool Run()
    {
        Report report = bench.Report;
        if (!InstructionSet.HasAvx512)
        {
            report.Line("This processor has no AVX-512: there is nothing to hold to AVX2.");
            report.Line();
        }
        bool good = true;
        foreach (InstructionSet instructions in InstructionSet.HasAvx512
            ? [InstructionSet.Native, InstructionSet.HeldToAvx2]
            : (InstructionSet[])[InstructionSet.Native])
        {
            foreach (int threads in options.Threads)
                good &= Run(options.Runs with { Threads = threads, Instructions = instructions });
        }
        bench.Summary.Print(report);
        return good;
    }

    private bool Run(Runs runs)
    {
        bool good = Infer(BenchNetwork.SpNet50, 480, runs);
        if (options.Size is null)
            good &= Infer(BenchNetwork.SpNet50, 768, runs);
        good &= Infer(BenchNetwork.Small, 256, runs);
        good &= Segment(BenchNetwork.Small, runs);
        // A pass takes minutes.
        good &= Segment(BenchNetwork.SpNet50, runs with { Rounds = 1 });
        StepOptions step = new() { Runs = runs };
        return good & new StepComparison(bench, step with { Size = options.Size ?? step.Size }).Run();
    }

    private bool Infer(BenchNetwork network, Size2D size, Runs runs) =>
        new InferenceComparison(bench, new InferenceOptions { Network = network, Size = options.Size ?? size, Runs = runs }).Run();

    private bool Segment(BenchNetwork network, Runs runs)
    {
        var folder = new FolderOptions { Network = network, Pictures = options.Pictures, Runs = runs };
        return new FolderThroughput(bench, folder with { Size = options.Size ?? folder.Size }).Run();
    }
}
