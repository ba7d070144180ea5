using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>Decides whether what a checkpoint holds can be of the network and the place that it says.</summary>
internal static class CheckpointFit
{
    /// <summary>The pixels of the largest crop.</summary>
    private const long MostPixels = 16384 * 16384;

    /// <summary>The checkpoint without the auxiliary head or the average, should the run leave them out from here on.</summary>
    /// <exception cref="WeightsException">A tensor or a sum is missing, too many, or impossible.</exception>
    public static Checkpoint Checked(Checkpoint checkpoint, TrainingConfiguration configuration)
    {
        SegmentationArchitecture architecture = Recipe.Architecture(configuration);
        IReadOnlyList<string> moments = Recipe.Options(configuration).Moments;
        HashSet<string> auxiliary = AuxiliaryNames(architecture, moments);
        bool hasAuxiliary = checkpoint.State.Names.Any(auxiliary.Contains);
        int losses = Recipe.Losses(configuration).Count;
        if (losses > 1 && !hasAuxiliary)
            throw new WeightsException(
                $"'{checkpoint.Path}' has no auxiliary head, and aux_weight is {Setting.Write(configuration.AuxWeight)} now; " +
                $"give aux_weight=0, or start anew with weight={checkpoint.Path}");
        IReadOnlyList<ParameterInfo> parameters = (architecture with { Auxiliary = hasAuxiliary }).Build().Parameters;
        CheckTensors(checkpoint, parameters, moments);
        EpochTotals totals = Totals(checkpoint, configuration, losses: hasAuxiliary ? 2 : 1);
        Checkpoint kept = checkpoint with { Average = configuration.AverageDecay > 0 ? checkpoint.Average : null, Totals = totals };
        bool isLeftOut = hasAuxiliary && losses == 1;
        return isLeftOut
            ? kept with
            {
                State = Without(auxiliary, kept.State),
                Average = kept.Average is { } average ? Without(auxiliary, average) : null,
                Momenta = Without(auxiliary, kept.Momenta),
            }
            : kept;
    }

    /// <summary>The parameters of the auxiliary head alone, and the moments of them.</summary>
    private static HashSet<string> AuxiliaryNames(SegmentationArchitecture architecture, IReadOnlyList<string> moments)
    {
        IEnumerable<string> all = Names(auxiliary: true), others = Names(auxiliary: false);
        return all.Except(others).SelectMany(name => moments.Select(moment => name + moment).Prepend(name))
            .ToHashSet(StringComparer.Ordinal);

        IEnumerable<string> Names(bool auxiliary) =>
            (architecture with { Auxiliary = auxiliary }).Build().Parameters.Select(parameter => parameter.Name);
    }

    private static StateDict Without(HashSet<string> names, StateDict tensors)
    {
        var others = new StateDict();
        foreach ((string name, HostTensor tensor) in tensors)
        {
            if (!names.Contains(name))
                others[name] = tensor;
        }
        return others;
    }

    private static void CheckTensors(Checkpoint checkpoint, IReadOnlyList<ParameterInfo> parameters, IReadOnlyList<string> moments)
    {
        CheckState(checkpoint.State, "");
        if (checkpoint.Average is { } average)
            CheckState(average, "average: ");
        Compare(checkpoint.Momenta, moments.SelectMany(moment => parameters.Where(parameter => parameter.IsTrained)
            .Select(parameter => parameter with { Name = parameter.Name + moment })), "momenta: ");
        foreach ((string name, HostTensor moment) in checkpoint.Momenta)
        {
            if (moment.Data is not float[] values
                || (name.EndsWith(TrainingOptions.SecondMoment, StringComparison.Ordinal) && values.Any(value => value < 0)))
                throw Unfit(checkpoint, $"the momentum '{name}' has values of another type, or negative squares");
        }
        if (checkpoint.FirstNotFinite() is { } spoilt)
            throw Unfit(checkpoint, spoilt);

        void CheckState(StateDict state, string what)
        {
            Compare(state, parameters, what);
            foreach (ParameterInfo parameter in parameters)
            {
                // Weights may come without counters of batches; what a run wrote has them.
                if (!state.TryGet(parameter.Name, out HostTensor? tensor))
                    throw Unfit(checkpoint, $"{what}'{parameter.Name}' is missing");
                Array data = tensor.Data;
                bool isRight = parameter.IsInteger
                    ? data is long[] counters && counters.All(counter => counter is >= 0 and < long.MaxValue / 2)
                    : data is float[] floats
                        && (!parameter.Name.EndsWith(".running_var", StringComparison.Ordinal) || floats.All(variance => variance >= 0));
                if (!isRight)
                    throw Unfit(checkpoint, $"{what}'{parameter.Name}' has values of another type, or a negative count or variance");
            }
        }

        void Compare(StateDict given, IEnumerable<ParameterInfo> expected, string what)
        {
            var report = LoadReport.Compare(given, expected);
            if (!report.IsExact)
                throw Unfit(checkpoint, $"{what}{report.Summary}");
        }
    }

    private static EpochTotals Totals(Checkpoint checkpoint, TrainingConfiguration configuration, int losses)
    {
        (EpochTotals totals, long batches) = (checkpoint.Totals, checkpoint.Position.Batch);
        long pictures = batches * configuration.BatchSize;
        if (totals.LossSums.Count != losses || totals.LossCounts.Count != losses
            || totals.LossSums.Any(sum => !double.IsFinite(sum)) || totals.LossCounts.Any(count => count > pictures))
        {
            throw Unfit(checkpoint, $"its sums of losses are not those of {losses} losses and {pictures} pictures");
        }
        if (totals.IgnoredBatches > batches)
            throw Unfit(checkpoint, $"{totals.IgnoredBatches} batches of {batches} are ignored");
        if (totals.Pixels.Classes != configuration.Classes || Pixels(totals) > (Int128)pictures * MostPixels)
            throw Unfit(checkpoint, $"its counted pixels are not those of {configuration.Classes} classes and {pictures} pictures");
        int now = Recipe.Losses(configuration).Count;
        return new EpochTotals(totals.Pixels, [.. totals.LossSums.Take(now)], [.. totals.LossCounts.Take(now)], totals.IgnoredBatches);
    }

    private static Int128 Pixels(EpochTotals totals)
    {
        Int128 sum = 0;
        for (int label = 0; label < totals.Pixels.Classes; label++)
        {
            for (int prediction = 0; prediction < totals.Pixels.Classes; prediction++)
                sum += totals.Pixels[label, prediction];
        }
        return sum;
    }

    private static WeightsException Unfit(Checkpoint checkpoint, string what) =>
        new($"'{checkpoint.Path}' does not fit the run: {what}; take another checkpoint, or start anew with weight={checkpoint.Path}");
}
