using System.Globalization;
using SpGpu.Peers.Children;
using SpGpu.Peers.Engines;
using SpGpu.Peers.Options;
using SpGpu.Peers.Reports;

namespace SpGpu.Peers.Workloads;

/// <summary>
/// The same network, weights and image in ONNX Runtime, PyTorch and SpGpu. The logits of all are compared with the first
/// that ran, which is ONNX Runtime unless it is missing.
/// </summary>
internal sealed class InferenceComparison(Bench bench, InferenceOptions options)
{
    private readonly Report _report = bench.Report;
    private readonly InferenceWords _words = new(
        bench.Files.SafeTensorsOf(options.Network), bench.Files.ImageOf(options.Size), "", options.Size,
        options.Runs.Threads, options.WarmUps, options.TimedRuns);

    private string Work =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Network.Name} {options.Size.Width}x{options.Size.Height}");

    /// <summary>False where SpGpu did not run or an engine does not agree with the others.</summary>
    public bool Run()
    {
        _report.Line($"## {Work}, {options.Runs.Text}");
        _report.Line();
        string mode = options.TorchMode == TorchModes.Auto
            ? TorchModes.Fastest(_report, mode => PyTorch(mode, bench.Files.Fresh("way.logits")))
            : options.TorchMode;
        string[] logits = [.. Enumerable.Range(0, 3).Select(i => bench.Files.Fresh($"{i}.logits"))];
        InferenceWords onnx = _words with { Model = bench.Files.OnnxOf(options.Network, options.Size), Logits = logits[0] };
        var comparison = new Comparison(
            _report, [OnnxRuntime(onnx), PyTorch(mode, logits[1])], Own(_words with { Logits = logits[2] }));
        var differences = new double?[logits.Length];
        int reference = -1;
        foreach (int round in options.Runs.Numbers)
        {
            bool[] ran = comparison.Round(round);
            if (!ran[^1])
                break;
            if (reference < 0)
                reference = Array.IndexOf(ran, true);
            for (int i = reference; i < logits.Length; i++)
            {
                if (ran[i] && ran[reference])
                    differences[i] = Larger(differences[i], Agreement.Between(logits[reference], logits[i]));
            }
        }
        comparison.Medians();
        comparison.Row("differs", differences.Select((difference, i) => i == reference ? "reference" : Table.Difference(difference)));
        comparison.Close();
        bool agree = comparison.OwnSeconds is not null && Judge(differences, reference, logits);
        _report.Line();
        _report.Save();
        bench.Summary.Add(
            Work, options.Runs.Threads, options.Runs.Instructions.Name,
            comparison.OwnSeconds, comparison.RatioTo(Programs.OnnxRuntime), comparison.RatioTo(Programs.PyTorch));
        return agree;
    }

    private static double Larger(double? a, double b) => a is { } other ? Math.Max(other, b) : b;

    /// <summary>Says whether the engines agree, also SpGpu without its fast convolutions, which runs once for it.</summary>
    private bool Judge(double?[] differences, int reference, string[] logits)
    {
        if (reference == differences.Length - 1)
        {
            _report.Line("- No peer ran: nothing to compare SpGpu's logits with.");
            return true;
        }
        string file = bench.Files.Fresh("direct.logits");
        Measurement? direct = Own(_words with { Logits = file, Winograd = false }).Run(out string complaint);
        double? difference = direct is null ? null : Agreement.Between(logits[reference], file);
        _report.Line(direct is null
            ? $"- SpGpu without Winograd did not run: {complaint}"
            : $"- SpGpu without Winograd, one process: {Table.Seconds(direct.Seconds)} s, differs by {Table.Difference(difference)}");
        bool agree = direct is not null && differences.Append(difference).All(number => !(number > Agreement.Limit));
        _report.Line(string.Create(CultureInfo.InvariantCulture,
            $"- The engines {(agree ? "agree" : "DO NOT AGREE")}: differences of logits by the largest logit, " +
            $"up to {Agreement.Limit:0e+0}."));
        return agree;
    }

    private Engine Own(InferenceWords words) => Programs.OwnProcess(Programs.Own, options.Runs.Instructions, "own-inference", words.Words);

    /// <summary>Held to AVX2 like the others, where that is possible.</summary>
    private Engine OnnxRuntime(InferenceWords words)
    {
        if (options.Runs.Instructions != InstructionSet.HeldToAvx2)
            return Programs.OnnxRuntimeProcess(words.Words, copy: null);
        if (bench.Files.HeldOnnxRuntime() is not { } copy)
        {
            _report.Line("ONNX Runtime cannot be held to AVX2 here: it takes what the processor has.");
            _report.Line();
            return Programs.OnnxRuntimeProcess(words.Words, copy: null);
        }
        return Programs.OnnxRuntimeProcess(words.Words, copy);
    }

    private Engine PyTorch(string mode, string logits) =>
        Programs.PyTorchProcess(options.Runs.Instructions, "inference.py", (_words with { Logits = logits }).PyTorchWords(mode));
}
