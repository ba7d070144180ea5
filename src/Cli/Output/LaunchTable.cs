using System.Globalization;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Cli.Output;

/// <summary>What kernels take of a GPU, a line for all launches that take the same.</summary>
internal static class LaunchTable
{
    private const int KernelColumns = 20, OtherColumns = 45;

    /// <summary>The heading, the lines, and what the last columns mean; nothing where nothing is known.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<KernelLaunch> launches)
    {
        if (launches.Count == 0)
            return;
        int kernel = Text.Width(
            launches.Select(launch => ProfileTable.Short(launch.Kernel)), KernelColumns, terminal.Columns - OtherColumns);
        terminal.Print("");
        terminal.Print(Line(Text.Padded("kernel", kernel), "calls", "regs", "local", "shared", "threads", "mp", "waves"));
        foreach (var group in launches.GroupBy(launch => launch with { Groups = 0 }))
        {
            terminal.Print(Line(
                Text.Head(ProfileTable.Short(group.Key.Kernel), kernel), Number(group.Count()), Number(group.Key.Registers),
                Number(group.Key.LocalBytes), Number(group.Key.SharedBytes), Number(group.Key.Threads),
                Number(group.Key.GroupsPerMultiprocessor), Range(group.Min(launch => launch.Waves), group.Max(launch => launch.Waves))));
        }
        terminal.Print("");
        terminal.Print("local:", "bytes a thread, for what found no room in registers", 8);
        terminal.Print("shared:", "bytes a group", 8);
        terminal.Print("mp:", "groups at a time on a multiprocessor", 8);
        terminal.Print("waves:", "how often the groups fill all multiprocessors; below 1 some idle", 8);
    }

    private static string Line(
        string kernel, string calls, string registers, string local, string shared, string threads, string resident, string waves) =>
        $"{kernel} {calls,5} {registers,4} {local,5} {shared,6} {threads,7} {resident,2} {waves}".TrimEnd();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Range(double least, double most)
    {
        (string from, string to) = (Waves(least), Waves(most));
        return from == to ? from : $"{from}-{to}";
    }

    private static string Waves(double waves) =>
        waves.ToString(waves >= 10 ? "0" : waves >= 1 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
