namespace SpGpu.Peers.Reports;

/// <summary>A line for each comparison, to be read first.</summary>
internal sealed class Summary
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <param name="work">The network and what it did.</param>
    /// <param name="threads">Threads of each engine.</param>
    /// <param name="instructions">The vector instructions.</param>
    /// <param name="seconds">SpGpu's median time.</param>
    /// <param name="toOnnxRuntime">SpGpu's time as a share of ONNX Runtime's.</param>
    /// <param name="toPyTorch">SpGpu's time as a share of PyTorch's.</param>
    public void Add(string work, int threads, string instructions, double? seconds, double? toOnnxRuntime, double? toPyTorch) => _rows.Add(
    [
        work, Table.Number(threads, "0"), instructions, Table.Seconds(seconds), Table.Ratio(toOnnxRuntime), Table.Ratio(toPyTorch),
    ]);

    public void Print(Report report)
    {
        report.Line("## Summary");
        report.Line();
        var table = new Table(report, ("work", -23), ("thr.", 4), ("instructions", -12), ("SpGpu s", 8), ("/ONNX", 5), ("/PyTorch", 8));
        foreach (IReadOnlyList<string> row in _rows)
            table.Row(row);
        report.Line();
        report.Save();
    }
}
