using System.Globalization;
using SpGpu.Peers.Engines;
using SpGpu.Peers.Options;
using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Workloads;

/// <summary>A training step of SPNet-50 in PyTorch and SpGpu; ONNX Runtime's package only infers.</summary>
internal sealed class StepComparison(Bench bench, StepOptions options)
{
    /// <summary>False where SpGpu did not run.</summary>
    public bool Run()
    {
        Report report = bench.Report;
        (int height, int width) = options.Size;
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"## SPNet-50 training step, {options.Batch}x3x{height}x{width}, {options.Classes} classes, " +
            $"{options.Device}, {options.Runs.Text}"));
        report.Line();
        InstructionSet instructions = options.Runs.Instructions;
        var comparison = new Comparison(
            report,
            [Programs.PyTorchProcess(instructions, "training_step.py", options.PyTorchWords)],
            Programs.OwnProcess(Programs.Own, instructions, "own-training-step", options.Words));
        foreach (int round in options.Runs.Numbers)
        {
            if (!comparison.Round(round)[^1])
                break;
        }
        comparison.Medians();
        comparison.Close();
        report.Line();
        report.Save();
        bench.Summary.Add(
            string.Create(CultureInfo.InvariantCulture, $"training step {options.Batch}x{width}x{height}"), options.Runs.Threads,
            instructions.Name,
            comparison.OwnSeconds, null, comparison.RatioTo(Programs.PyTorch));
        return comparison.OwnSeconds is not null;
    }
}
