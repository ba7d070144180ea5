using System.Globalization;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Cli.Output;

/// <summary>A profile as lines of at most 80 columns.</summary>
internal static class ProfileTable
{
    private const int LayerColumns = 18;
    private const int KernelColumns = 20;
    private const string Backbone = "pretrained.";

    /// <summary>The heading, a line a row, and what the last column means.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<ProfileRow> rows, DeviceLimits limits)
    {
        double sum = rows.Sum(row => row.Milliseconds);
        yield return Line("layer", "kernel", "calls", "ms", "share", "GFLOP/s", "GB/s", "limit");
        foreach (ProfileRow row in rows)
        {
            yield return Line(
                Text.Tail(Within(row.Layer), LayerColumns), Text.Head(Short(row.Kernel), KernelColumns),
                Number(row.Calls, "0"), Number(row.Milliseconds, "0.000"), Number(100 * row.Milliseconds / sum, "0.0"),
                Rate(row.GigaflopsPerSecond), Rate(row.GigabytesPerSecond),
                Number(100 * row.PartOf(limits), "0"));
        }
        yield return "";
        yield return Text.Labelled("limits:", $"{Rate(limits.GigaflopsPerSecond)} GFLOP/s ({limits.Compute}),", 8);
        yield return Text.Labelled("", $"{Rate(limits.GigabytesPerSecond)} GB/s ({limits.Memory})", 8);
        yield return Text.Labelled("share:", "percent of the time of all kernels", 8);
        yield return Text.Labelled("limit:", "percent of min(peak, intensity x bandwidth); above 100: caches", 8);
    }

    private static string Line(
        string layer, string kernel, string calls, string time, string share, string flops, string bytes, string limit) =>
        $"{layer,-LayerColumns} {kernel,-KernelColumns} {calls,5} {time,8} {share,5} {flops,7} {bytes,5} {limit,5}".TrimEnd();

    /// <summary>Without the prefix that all layers of the backbone share.</summary>
    private static string Within(string layer) =>
        layer.StartsWith(Backbone, StringComparison.Ordinal) ? layer[Backbone.Length..] : layer;

    private static string Short(string kernel) => kernel.Replace("convolution ", "conv ", StringComparison.Ordinal);

    /// <summary>About three digits, from the slowest device to the fastest.</summary>
    private static string Rate(double rate) => Number(rate, rate >= 1000 ? "0" : rate >= 1 ? "0.0" : rate >= 0.01 ? "0.00" : "0.###");

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
