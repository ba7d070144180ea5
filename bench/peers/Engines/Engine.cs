using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SpGpu.Peers.Engines;

/// <summary>
/// A command that measures itself. It prints <c>first</c> when it has its first result, then <c>time SECONDS</c> for each
/// timed run, <c>memory BYTES</c> and <c>engine DESCRIPTION</c>; and <c>count NAME NUMBER</c> for whatever else it counts.
/// </summary>
internal sealed class Engine(string name, string file, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
{
    private readonly string[] _arguments = [.. arguments];
    private readonly (string Name, string Value)[] _environment = [.. environment];

    public string Name => name;

    /// <summary>Runs a command that prints its findings itself, and returns the lines; null, and why, where it cannot run.</summary>
    public string[]? Print(out string complaint)
    {
        using Process process = Process.Start(Start())!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        complaint = errors.Result.Trim().Split('\n')[^1];
        return process.ExitCode == 0 ? text.TrimEnd().Split(Environment.NewLine) : null;
    }

    /// <summary>Runs the command in a process of its own; null, and why, where it cannot run.</summary>
    public Measurement? Run(out string complaint)
    {
        ProcessStartInfo start = Start();
        long begin = Stopwatch.GetTimestamp();
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            double? first = null, memory = null;
            string description = name;
            var times = new List<double>();
            var counts = new Dictionary<string, List<double>>();
            while (process.StandardOutput.ReadLine() is { } line)
            {
                (string word, string rest) = line.Split(' ', 2) is [string head, string tail] ? (head, tail) : (line, "");
                switch (word)
                {
                    case "first":
                        first = Stopwatch.GetElapsedTime(begin).TotalSeconds;
                        break;
                    case "time":
                        times.Add(double.Parse(rest, CultureInfo.InvariantCulture));
                        break;
                    case "memory":
                        memory = double.Parse(rest, CultureInfo.InvariantCulture);
                        break;
                    case "count" when rest.Split(' ') is [string what, string number]:
                        if (!counts.TryGetValue(what, out List<double>? numbers))
                            counts[what] = numbers = [];
                        numbers.Add(double.Parse(number, CultureInfo.InvariantCulture));
                        break;
                    case "engine":
                        description = rest;
                        break;
                }
            }
            process.WaitForExit();
            complaint = errors.Result.Trim().Split('\n')[^1];
            if (process.ExitCode == 0 && first is not null && memory is not null && times.Count > 0)
            {
                return new Measurement(
                    first.Value, Median.Of(times), (long)memory, description,
                    counts.ToDictionary(pair => pair.Key, pair => Median.Of(pair.Value)));
            }
            if (complaint.Length == 0)
                complaint = string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {process.ExitCode} before it was done");
        }
        catch (Win32Exception error)
        {
            // Not the whole message: it names folders, and the report is for others.
            complaint = $"{Path.GetFileName(file)} cannot be started: {new Win32Exception(error.NativeErrorCode).Message}";
        }
        return null;
    }

    private ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo(file, _arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string variable, string value) in _environment)
            start.Environment[variable] = value;
        return start;
    }
}
