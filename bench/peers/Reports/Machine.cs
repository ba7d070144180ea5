using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using SpGpu.Models;
using SpGpu.Peers.Engines;

namespace SpGpu.Peers.Reports;

/// <summary>What the figures of a report were measured on.</summary>
internal static class Machine
{
    public static void Describe(Report report, string title)
    {
        report.Line($"# {title}");
        report.Line();
        report.Line($"- date: {DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC");
        report.Line(
            $"- processor: {Processor() ?? "unknown"}, {Environment.ProcessorCount} threads, " +
            $"{RuntimeInformation.ProcessArchitecture}, {InstructionSet.Native.Name}");
        report.Line(
            string.Create(CultureInfo.InvariantCulture, $"- memory: {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB"));
        report.Line($"- system: {RuntimeInformation.OSDescription}");
        report.Line($"- .NET: {Environment.Version}; SpGpu: {Version()}");
        if (FirstOf("/proc/loadavg") is { } load)
            report.Line($"- load at the start: {string.Join(", ", load.Split(' ').Take(3))} (other work slows the engines)");
        report.Line();
    }

    private static string? Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");

    private static string Version() =>
        typeof(SpNet).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string? FirstOf(string file) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault() : null;
}
