using System.Diagnostics;
using System.Globalization;

namespace SpGpu.Peers.Children;

/// <summary>What a process that is timed prints for <see cref="Engines.Engine"/>.</summary>
internal static class TimedRuns
{
    /// <summary>Runs once for the first result, then to warm up, then timed.</summary>
    public static void Measure(Action run, int warmUps, int timed)
    {
        run();
        First();
        for (int i = 0; i < warmUps; i++)
            run();
        for (int i = 0; i < timed; i++)
            Time(run);
    }

    public static void First() => Console.WriteLine("first");

    public static void Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time {seconds:0.000000}"));
    }

    /// <summary>Ends the measurement: what comes after does not count as memory.</summary>
    public static void End(string description)
    {
        // VmHWM on Linux.
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory {self.PeakWorkingSet64}"));
        Console.WriteLine($"engine {description}");
    }
}
