using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Mpi;

namespace SpGpu.Peers.Children;

/// <summary>
/// Times a training step of the processes that <c>mpirun</c> has started, each with its part of the pictures; the first one prints,
/// also how long it was in the exchanges within the passes and in that of the gradients, and the processor time of all but for those.
/// </summary>
internal static class OwnShare
{
    /// <summary>What is counted beside seconds.</summary>
    public const string Calls = "calls", Bytes = "bytes", InPasses = "passes", OfGradients = "gradients", Work = "work";

    /// <summary>The thread that makes all calls of MPI.</summary>
    private const string MpiThread = "mpi";

    public static void Run(ShareWords words)
    {
        using MpiGroup? mpi = MpiGroup.Join();
        try
        {
            Run(words, mpi is { Count: > 1 } ? new MeteredGroup(mpi) : null);
        }
        catch (Exception error) when (mpi is not null)
        {
            Console.Error.WriteLine(error.Message);
            mpi.Abort(1);
            throw;
        }
    }

    private static void Run(ShareWords words, MeteredGroup? group)
    {
        using Device device = Device.Open("cpu", new() { Threads = words.Threads });
        NetworkWeights weights = words.Network.TrainingWeights();
        int share = words.Count / (group?.Count ?? 1);
        using var step = new TimedStep(weights.Architecture, weights.State, device, share, words.Size, group);
        bool prints = group is null or { Rank: 0 };
        double inPasses = 0;
        for (int i = 0; i < words.WarmUps; i++)
            Step();
        if (prints)
            TimedRuns.First();
        for (int i = 0; i < words.Timed; i++)
        {
            // All begin together.
            group?.Gather([0], new byte[group.Count]);
            group?.Reset();
            double before = ProcessorTime.But(MpiThread);
            if (prints)
                TimedRuns.Time(Step);
            else
                Step();
            (double inUpdate, long bytes, int calls) = group is null ? default : (group.Seconds - inPasses, group.Bytes, group.Calls);
            double[] work = [ProcessorTime.But(MpiThread) - before];
            work = group?.SumOf<double>(work) ?? work;
            if (!prints)
                continue;
            Count(Work, work[0]);
            if (group is null)
                continue;
            Count(Calls, calls);
            Count(Bytes, bytes);
            Count(InPasses, inPasses);
            Count(OfGradients, inUpdate);
        }
        if (prints)
            TimedRuns.End($"SpGpu, {device.Description}");

        void Step()
        {
            step.Accumulate();
            inPasses = group?.Seconds ?? 0;
            step.Update();
        }
    }

    private static void Count(string name, double number) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"count {name} {number:0.######}"));
}
