using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>What a configuration makes of the network and its losses.</summary>
internal static class Recipe
{
    /// <summary>The network, with an auxiliary head if its loss counts.</summary>
    /// <exception cref="ConfigurationException">Such a network cannot be built.</exception>
    public static SpNetArchitecture Architecture(TrainingConfiguration c)
    {
        SpNetArchitecture published = c.Backbone switch
        {
            "resnet101" => SpNetArchitecture.SpNet101(c.Classes),
            "resnet152" => SpNetArchitecture.SpNet152(c.Classes),
            _ => SpNetArchitecture.SpNet50(c.Classes),
        };
        IReadOnlyList<int> blocks = c.Blocks ?? published.Blocks;
        return new SpNetArchitecture
        {
            Classes = c.Classes,
            Stem = c.Stem ?? published.Stem,
            Planes = c.Planes ?? published.Planes,
            Blocks = blocks,
            SpmBlocks = c.StripPooling ? SpNetArchitecture.OfficialSpmBlocks(blocks) : new HashSet<(int, int)>(),
            Pools = (c.Pools[0], c.Pools[1]),
            Skip = c.Skip,
            Auxiliary = c.AuxWeight > 0,
        }.Checked();
    }

    /// <summary>What readers of the weights need to know and no tensor tells: pooled grids, names and colours of classes, pictures.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(TrainingConfiguration c, TrainedOn pictures) =>
        ArchitectureReader.Metadata(Architecture(c)).Concat(new NetworkClasses(c.Names, c.Colors).Metadata).Concat(pictures.Metadata)
            .ToDictionary();

    /// <summary>The losses on the logits of the head and of the auxiliary head.</summary>
    public static IReadOnlyList<LossTerm> Losses(TrainingConfiguration c) =>
        c.AuxWeight > 0 ? [new LossTerm("score", 1), new LossTerm("aux", c.AuxWeight)] : [new LossTerm("score", 1)];

    /// <summary>How the network learns.</summary>
    public static TrainingOptions Options(TrainingConfiguration c) => new()
    {
        Losses = Losses(c),
        ClassWeights = c.ClassWeights,
        Mining = c.Ohem ? new HardExamples((float)c.OhemThreshold, c.OhemMinKept) : null,
        GroupOf = LearningGroups.Of,
        Groups = LearningGroups.Count,
        Adam = c.Optimizer == "adam"
            ? new AdamOptions { Beta1 = (float)c.Betas[0], Beta2 = (float)c.Betas[1], Epsilon = (float)c.Epsilon }
            : null,
        Momentum = (float)c.Momentum,
        WeightDecay = (float)c.WeightDecay,
        AverageDecay = c.AverageDecay,
        AccumulationSteps = c.Accumulation,
        FrozenStatistics = c.FreezeBatchNorm,
        Recompute = c.Recompute,
        Seed = c.Seed,
    };
}
