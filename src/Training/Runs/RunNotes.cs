using SpGpu.Data.Datasets;
using SpGpu.Training.Configuration;

namespace SpGpu.Training.Runs;

/// <summary>What is allowed and hardly meant, in lines of at most 80 columns.</summary>
internal static class RunNotes
{
    /// <summary>The notes on a run before it starts.</summary>
    /// <param name="c">Its configuration.</param>
    /// <param name="data">Its pictures.</param>
    /// <param name="isNew">Whether it starts anew.</param>
    public static IEnumerable<string> Of(TrainingConfiguration c, TrainingData data, bool isNew)
    {
        if (data.ValidationSamples is { Count: > 0 and var all } validation)
        {
            var trained = data.Samples.Select(Picture).ToHashSet(StringComparer.Ordinal);
            int both = validation.Count(sample => trained.Contains(Picture(sample)));
            if (both > 0)
                yield return $"note: {both} of {all} validation pictures are also trained on";
        }
        if (c.FreezeBatchNorm && isNew && c.Weight is null)
            yield return "note: freeze_bn is for weights that have learned already, and there are none";
        if (c.Ohem && c.OhemMinKept >= c.BatchSize * c.TrainWidth * c.TrainHeight)
            yield return $"note: ohem leaves nothing out, as a batch has no more than ohem_min_kept pixels";
        if (c.WarmupSteps > 0 && c.WarmupSteps >= (long)TrainingLoop.StepsPerEpoch(c, data) * c.Epochs)
            yield return "note: the run is over before warmup_steps are, and the rate stays below base_lr";
        string[] idle = [.. OfOtherNetworks(c)];
        if (idle.Length > 0)
            yield return $"note: {c.Arch} does without {string.Join(", ", idle)}";
    }

    /// <summary>Settings that say something of other networks than <c>arch</c>.</summary>
    private static IEnumerable<string> OfOtherNetworks(TrainingConfiguration c)
    {
        if (c.Arch is "ddrnet" or "segnext" && c.Backbone != "resnet50")
            yield return "backbone";
        if (c.Arch == "segnext" && c.Stem is not null)
            yield return "stem";
        if (c.Arch == "ddrnet")
        {
            if (c.Planes is not null)
                yield return "planes";
            if (c.Blocks is not null)
                yield return "blocks";
        }
        if (c.Arch != Recipe.SpNet)
        {
            if (c.Pools is not [20, 12])
                yield return "pools";
            if (c.Skip)
                yield return "skip";
            if (!c.StripPooling)
                yield return "spm_on";
        }
    }

    private static string Picture(Sample sample) => Path.GetFullPath(sample.Image);
}
