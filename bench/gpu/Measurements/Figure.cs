using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>
/// A measured number as the line that the run script collects: <c>figure</c>, name, value, unit and what the GPU said of its
/// clocks just then, apart by tabs.
/// </summary>
internal static class Figure
{
    public static void Print(Device device, string name, double value, string unit) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"figure\t{name}\t{value:0.####}\t{unit}\t{DeviceCondition.Of(device)?.ToString() ?? "-"}"));

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
