using System.Globalization;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Cli.Output;

/// <summary>A profile, a line a kernel.</summary>
internal static class ProfileTable
{
    private const int LayerColumns = 18, KernelColumns = 20, OtherColumns = Text.Columns - LayerColumns - KernelColumns;
    /// <summary>Launches' times below which there is more to gain by fewer kernels than by faster ones.</summary>
    private const int Few = 3;

    private const string Backbone = "pretrained.";

    /// <summary>The heading, a line a row, and what the last column means.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<ProfileRow> rows, DeviceLimits limits)
    {
        int layer = Text.Width(rows.Select(row => Within(row.Layer)), LayerColumns, terminal.Columns - OtherColumns - KernelColumns);
        int kernel = Text.Width(rows.Select(row => Short(row.Kernel)), KernelColumns, terminal.Columns - OtherColumns - layer);
        double sum = rows.Sum(row => row.Milliseconds);
        terminal.Print(
            Line(Text.Padded("layer", layer), Text.Padded("kernel", kernel), "calls", "ms", "share", "GFLOP/s", "GB/s", "limit"));
        foreach (ProfileRow row in rows)
        {
            terminal.Print(Line(
                Text.Tail(Within(row.Layer), layer), Text.Head(Short(row.Kernel), kernel),
                Number(row.Calls, "0"), Number(row.Milliseconds, "0.000"), Number(100 * row.Milliseconds / sum, "0.0"),
                Rate(row.GigaflopsPerSecond), Rate(row.GigabytesPerSecond),
                Number(100 * row.PartOf(limits), "0")));
        }
        terminal.Print("");
        terminal.Print("limits:", $"{Rate(limits.GigaflopsPerSecond)} GFLOP/s ({limits.Compute}),", 8);
        terminal.Print("", $"{Rate(limits.GigabytesPerSecond)} GB/s ({limits.Memory})", 8);
        if (limits.Caches is not null)
            terminal.Print("caches:", limits.Caches, 8);
        terminal.Print("share:", "percent of the time of all kernels", 8);
        if (limits.LaunchMilliseconds is { } launch)
        {
            int tiny = rows.Sum(row => row.Milliseconds < Few * launch * row.Calls ? row.Calls : 0);
            terminal.Print(
                "launch:",
                $"{Number(launch, "0.0000")} ms for the smallest; {tiny} of {rows.Sum(row => row.Calls)} calls take less than {Few} times "
                + "that",
                8);
        }
        terminal.Print("limit:", "percent of min(peak, intensity x bandwidth); above 100: caches", 8);
    }

    private static string Line(
        string layer, string kernel, string calls, string time, string share, string flops, string bytes, string limit) =>
        $"{layer} {kernel} {calls,5} {time,8} {share,5} {flops,7} {bytes,5} {limit,5}".TrimEnd();

    /// <summary>Without the prefix that all layers of the backbone share.</summary>
    private static string Within(string layer) =>
        layer.StartsWith(Backbone, StringComparison.Ordinal) ? layer[Backbone.Length..] : layer;

    /// <summary>A kernel's name with its longest word cut.</summary>
    public static string Short(string kernel) => kernel.Replace("convolution ", "conv ", StringComparison.Ordinal);

    /// <summary>About three digits, from the slowest device to the fastest.</summary>
    private static string Rate(double rate) => Number(rate, rate >= 1000 ? "0" : rate >= 1 ? "0.0" : rate >= 0.01 ? "0.00" : "0.###");

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
