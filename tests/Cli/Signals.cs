using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>Signals to the built tool, not by a program such as kill, which small systems lack.</summary>
internal static partial class Signals
{
    /// <summary>
    /// Skips a test where there are none, or where one is ignored by this process, and so by the tool that it starts: nohup
    /// and the background of a script have it so.
    /// </summary>
    public static void Need(params string[] signals)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        Assert.SkipWhen(Array.Find(signals, IsIgnored) is not null,
            $"{Array.Find(signals, IsIgnored)} is ignored here, as under nohup and in the background of a script");
    }

    /// <summary>Sends signals, one at once after the other.</summary>
    public static void Send(Process process, params string[] signals) =>
        Assert.All(signals, signal => Assert.Equal(0, kill(process.Id, Number(signal))));

    private static bool IsIgnored(string signal)
    {
        const string Status = "/proc/self/status", Field = "SigIgn:";
        return File.Exists(Status)
            && (Convert.ToUInt64(
                File.ReadLines(Status).First(line => line.StartsWith(Field, StringComparison.Ordinal))[Field.Length..].Trim(), 16)
                >> (Number(signal) - 1) & 1) != 0;
    }

    private static int Number(string signal) => signal switch { "HUP" => 1, "INT" => 2, _ => 15 };

#pragma warning disable IDE1006 // Its name is that of the C library.
    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
#pragma warning restore IDE1006
}
