using System.Globalization;
using System.Runtime.InteropServices;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>What the processes of a run tell each other besides their gradients; a run of one process has no group.</summary>
internal static class RunGroup
{
    /// <summary>How many processes there are.</summary>
    public static int Processes(this IProcessGroup? group) => group?.Count ?? 1;

    /// <summary>Whether this process writes what a run keeps.</summary>
    public static bool Writes(this IProcessGroup? group) => group is null or { Rank: 0 };

    /// <summary>Whether it is so in any process: all decide alike.</summary>
    public static bool Any(this IProcessGroup? group, bool here) =>
        group is null ? here : group.GatherOf<byte>([here ? (byte)1 : (byte)0]).Contains((byte)1);

    /// <summary>What an epoch came to in all processes: their losses are those of all already.</summary>
    public static EpochTotals Sum(this IProcessGroup? group, EpochTotals totals) =>
        group is null ? totals : totals.With(totals.Pixels.SumOver(group));

    /// <summary>Looks whether the processes are about to do the same.</summary>
    /// <exception cref="ConfigurationException">They are not, in all processes alike.</exception>
    public static void RequireSame(
        this IProcessGroup group, TrainingConfiguration configuration, TrainingData data, StateDict state, long step)
    {
        // These decide nothing that is learned, but when all meet, and over what.
        IEnumerable<KeyValuePair<string, string>> meetings = new Dictionary<string, string>
        {
            ["save_freq"] = configuration.SaveFrequency.ToString(CultureInfo.InvariantCulture),
            ["save_steps"] = configuration.SaveSteps.ToString(CultureInfo.InvariantCulture),
            ["batch_size_val"] = configuration.BatchSizeVal.ToString(CultureInfo.InvariantCulture),
        };
        string settings = string.Join(
            '\n', ConfigurationWriter.Decisive(configuration).Concat(meetings).Select(pair => $"{pair.Key}: {pair.Value}"));
        group.RequireSame(
            ("other settings", Fnv1a.Of(settings)),
            ("other training pictures", Fnv1a.Of(TrainedOn.Of(data.Samples.Select(sample => sample.Image)).ToString())),
            ("another number of validation pictures", (ulong)data.ValidationSamples.Count),
            ("other weights", Hash(state)),
            ("a checkpoint of another step", (ulong)step));
    }

    private static ulong Hash(StateDict state)
    {
        uint crc = Crc32.Start;
        foreach ((_, HostTensor tensor) in state)
        {
            if (tensor.Data is float[] values)
                crc = Crc32.Add(crc, MemoryMarshal.AsBytes<float>(values));
        }
        return crc;
    }
}
