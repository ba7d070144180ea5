using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>What a configuration makes of the network and its losses.</summary>
internal static class Recipe
{
    /// <summary>The usual value of <c>arch</c>.</summary>
    public const string SpNet = "spnet";

    /// <summary>The outputs of a graph with the logits of its head and of its auxiliary head.</summary>
    private const string Score = "score", Auxiliary = "aux";

    private static readonly Dictionary<string, SegmentationHead> _heads = new(StringComparer.Ordinal)
    {
        ["pspnet"] = SegmentationHead.PspNet,
        ["fcn"] = SegmentationHead.Fcn,
        ["deeplabv3"] = SegmentationHead.DeepLabV3,
    };

    /// <summary>The values of <c>arch</c>.</summary>
    public static string[] Networks { get; } = [SpNet, .. _heads.Keys, "ddrnet", "segnext"];

    /// <summary>The network, with an auxiliary head if its loss counts.</summary>
    /// <exception cref="ConfigurationException">Such a network cannot be built.</exception>
    public static SegmentationArchitecture Architecture(TrainingConfiguration c)
    {
        SegmentationArchitecture network = c.StartingNetwork ?? c.Arch switch
        {
            SpNet => OfSpNet(c),
            "ddrnet" => DdrNetArchitecture.Slim(c.Classes) with { Channels = c.Stem?[0] ?? 32 },
            "segnext" => OfSegNext(c),
            _ => OfResNet(c, _heads[c.Arch]),
        };
        return (network with { Classes = c.Classes, Auxiliary = c.AuxWeight > 0 }).Checked();
    }

    /// <summary>Whether a network is one of those that <c>arch</c> names.</summary>
    public static bool IsOf(SegmentationArchitecture network, string arch) => network switch
    {
        ResNetArchitecture net => _heads.TryGetValue(arch, out SegmentationHead head) && net.Head == head,
        DdrNetArchitecture => arch == "ddrnet",
        SegNextArchitecture => arch == "segnext",
        _ => false,
    };

    private static ResNetArchitecture OfResNet(TrainingConfiguration c, SegmentationHead head)
    {
        // torchvision's have no deep stem, and it has no PSPNet.
        NetworkSource source = head == SegmentationHead.PspNet || (head == SegmentationHead.Fcn && c.Stem?.Count > 1)
            ? NetworkSource.Mmsegmentation : NetworkSource.Torchvision;
        int depth = int.Parse(c.Backbone.AsSpan("resnet".Length), CultureInfo.InvariantCulture);
        var published = ResNetArchitecture.Published(head, source, depth, c.Classes);
        return ResNetArchitecture.Of(head, source, c.Classes,
            c.Stem ?? published.Stem, c.Planes ?? published.Planes, c.Blocks ?? published.Blocks, published.Bottlenecks);
    }

    private static SegNextArchitecture OfSegNext(TrainingConfiguration c)
    {
        SegNextArchitecture published = SegNextArchitecture.T(c.Classes);
        return published with { Widths = c.Planes ?? published.Widths, Blocks = c.Blocks ?? published.Blocks };
    }

    private static SpNetArchitecture OfSpNet(TrainingConfiguration c)
    {
        SpNetArchitecture published = c.Backbone switch
        {
            "resnet101" => SpNetArchitecture.SpNet101(c.Classes),
            "resnet152" => SpNetArchitecture.SpNet152(c.Classes),
            "resnet50" => SpNetArchitecture.SpNet50(c.Classes),
            _ => throw new ConfigurationException(
                $"backbone {c.Backbone} has basic blocks, which an SPNet is not built of; give resnet50, resnet101 or resnet152"),
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
            TrainedSizes = SpNetArchitecture.SizesLike((c.TrainHeight, c.TrainWidth)),
        };
    }

    /// <summary>
    /// What readers of the weights need to know and no tensor tells: pooled grids, names and colours of classes, pictures.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Metadata(TrainingConfiguration c, TrainedOn pictures) =>
        Architecture(c).Metadata.Concat(new NetworkClasses(c.Names, c.Colors).Metadata).Concat(pictures.Metadata)
            .ToDictionary();

    /// <summary>The losses on the logits of the head and of the auxiliary head.</summary>
    public static IReadOnlyList<LossTerm> Losses(TrainingConfiguration c) =>
        c.AuxWeight > 0 && Architecture(c).Build().Outputs.ContainsKey(Auxiliary)
            ? [new LossTerm(Score, 1), new LossTerm(Auxiliary, c.AuxWeight)]
            : [new LossTerm(Score, 1)];

    /// <summary>How the network learns.</summary>
    public static TrainingOptions Options(TrainingConfiguration c) => new()
    {
        Losses = Losses(c),
        Resize = Architecture(c).Resize,
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
