using SpGpu.Mpi;

namespace SpGpu.Cli.Usage;

/// <summary>Runs a verb in each of the processes that <c>mpirun</c> has started, or alone.</summary>
internal static class Processes
{
    /// <summary>How long others wait before they say what is wrong: what the first says is mostly the same.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Where Open MPI tells a process its number, before any library is at work.</summary>
    private const string OpenMpiRank = "OMPI_COMM_WORLD_RANK";

    /// <summary>
    /// Open MPI gives every process a terminal of its own, though what they write is put together elsewhere: .NET, which sets up a
    /// terminal with escapes, is told that this one knows none. Called before anything is written.
    /// </summary>
    public static void LeaveTerminal()
    {
        if (Environment.GetEnvironmentVariable(OpenMpiRank) is not null)
            Environment.SetEnvironmentVariable("TERM", "dumb");
    }

    /// <summary>Does the work; an error in one process ends all, with a line that names it.</summary>
    /// <param name="terminal">Takes that line.</param>
    /// <param name="work">The work, which tells the exit code; its group is null where this process is alone.</param>
    public static int Run(Terminal terminal, Func<MpiGroup?, int> work)
    {
        using MpiGroup? group = Join();
        if (group is null or { Count: 1 })
            return work(null);
        try
        {
            return work(group);
        }
        catch (OperationCanceledException)
        {
            // All have agreed on it.
            throw;
        }
        catch (Exception error)
        {
            if (group.Rank > 0)
                Thread.Sleep(_patience);
            terminal.Complain(FormattableString.Invariant($"process {group.Rank}: {Tool.Describe(error)}"));
            terminal.Trace(error);
            group.Abort(ExitCode.Of(error));
            return ExitCode.Of(error);
        }
    }

    private static MpiGroup? Join()
    {
        try
        {
            return MpiGroup.Join();
        }
        catch (ConfigurationException) when (Environment.GetEnvironmentVariable(OpenMpiRank) is not (null or "0"))
        {
            // Open MPI ends all when the first has said it; MPICH does not.
            Thread.Sleep(_patience);
            throw;
        }
    }

    /// <summary>The items that are this process's: every so many one.</summary>
    public static IEnumerable<T> Share<T>(this MpiGroup? group, IEnumerable<T> items) =>
        group is null ? items : items.Where((_, index) => index % group.Count == group.Rank);

    /// <summary>How many are done in all processes, and whether any of them was asked to stop; all of them ask.</summary>
    public static (int Done, bool IsStopped) Together(this MpiGroup? group, int done, bool isStopped) =>
        group?.SumOf<int>([done, isStopped ? 1 : 0]) is [int all, int stopped] ? (all, stopped > 0) : (done, isStopped);

    /// <summary>A device for each process of a machine, as far as there are so many.</summary>
    /// <param name="name">What was asked for; only <c>auto</c> leaves a choice.</param>
    /// <param name="group">The processes.</param>
    public static string Device(string name, MpiGroup? group)
    {
        if (group is null || name != "auto")
            return name;
        string[] devices = [.. Gpu.Device.List().Where(device => device.Usable && device.Name.StartsWith("cuda:", StringComparison.Ordinal))
            .Select(device => device.Name)];
        return devices.Length > 0 ? devices[group.LocalRank % devices.Length] : name;
    }
}
