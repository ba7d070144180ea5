using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace SpGpu.Bench.Kernels;

/// <summary>Work divided by the median time in nanoseconds: 10^9 of its unit a second.</summary>
internal sealed class RateColumn(string unit, Func<BenchmarkCase, double> work) : IColumn
{
    public string Id => unit;

    public string ColumnName => unit;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => $"{unit} of the median run";

    public string GetValue(Summary summary, BenchmarkDotNet.Running.BenchmarkCase benchmarkCase)
    {
        var @case = (BenchmarkCase)benchmarkCase.Parameters[nameof(OperatorBenchmarks.Case)];
        return summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (work(@case) / statistics.Median).ToString("F1", CultureInfo.InvariantCulture)
            : "-";
    }

    public string GetValue(Summary summary, BenchmarkDotNet.Running.BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkDotNet.Running.BenchmarkCase benchmarkCase) => false;
}
