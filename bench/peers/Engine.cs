using System.Diagnostics;
using System.Globalization;

namespace SpGpu.Peers;

/// <summary>A command that prints seconds, one number a line.</summary>
internal sealed class Engine(string name, string file, params IEnumerable<string> arguments)
{
    public string Name => name;

    /// <summary>Runs the command in a process of its own and returns the median of what it prints; null where it cannot run.</summary>
    public double? Median(out string? complaint)
    {
        complaint = null;
        try
        {
            var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return MedianOf([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))]);
            complaint = errors.Result.Trim().Split('\n')[^1];
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            complaint = error.Message;
        }
        return null;
    }

    public static double MedianOf(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
