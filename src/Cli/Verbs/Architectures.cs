using System.CommandLine;
using System.Globalization;
using SpGpu.Cli.Usage;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary>The published networks by name, and names for networks.</summary>
internal static class Architectures
{
    private static readonly (string Option, Func<int, SegmentationArchitecture> Make)[] _published =
    [
        ("spnet50", SpNetArchitecture.SpNet50),
        ("spnet101", SpNetArchitecture.SpNet101),
        ("spnet152", SpNetArchitecture.SpNet152),
        ("fcn50", classes => ResNetArchitecture.Published(SegmentationHead.Fcn, NetworkSource.Torchvision, 50, classes)),
        ("deeplabv3-50", classes => ResNetArchitecture.Published(SegmentationHead.DeepLabV3, NetworkSource.Torchvision, 50, classes)),
        ("pspnet18", classes => ResNetArchitecture.Published(SegmentationHead.PspNet, NetworkSource.Mmsegmentation, 18, classes)),
        ("pspnet50", classes => ResNetArchitecture.Published(SegmentationHead.PspNet, NetworkSource.Mmsegmentation, 50, classes)),
        ("ddrnet23-slim", DdrNetArchitecture.Slim),
        ("segnext-t", SegNextArchitecture.T),
    ];

    /// <summary><c>--arch</c>.</summary>
    /// <param name="use">What it is for.</param>
    public static Option<string> Option(string use)
    {
        string[] names = [.. _published.Select(published => published.Option)];
        Option<string> option = Options.Choice("--arch", $"{use}: {string.Join(", ", names)}", names);
        // The left column of the help has no room for so many.
        option.HelpName = "NAME";
        return option;
    }

    /// <summary><c>--pools</c>.</summary>
    public static Option<(int Large, int Small)?> PoolsOption() => new("--pools")
    {
        Description = "Sides of the pooled grids of the head; by default those that the file tells, or 20,12",
        HelpName = "N,N",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Options.Pair(text, ',') is { } sides)
                return sides;
            result.AddError($"--pools {text}: give two numbers, as in 20,12");
            return null;
        },
    };

    /// <summary>The network with the sides that <c>--pools</c> gives; null leaves them as they are.</summary>
    /// <exception cref="ConfigurationException">The network has no such grids.</exception>
    public static SegmentationArchitecture WithPools(this SegmentationArchitecture architecture, (int Large, int Small)? sides) =>
        sides is not { } pools ? architecture
        : architecture is SpNetArchitecture net ? net with { Pools = pools }
        : throw new ConfigurationException($"--pools is for SPNet, and the weights are those of {architecture.Name}; leave it out");

    /// <summary>A published network.</summary>
    public static SegmentationArchitecture Published(string option, int classes) =>
        _published.Single(published => published.Option == option).Make(classes);

    /// <summary>The architecture of a weights file.</summary>
    /// <param name="weights">The file.</param>
    /// <param name="option">
    /// A published network whose widths and depths the file must have; null goes by the file alone.
    /// </param>
    public static SegmentationArchitecture Of(WeightsFile weights, string? option)
    {
        var found = SegmentationArchitecture.Read(weights, weights.Origin);
        if (option is null)
            return found;
        SegmentationArchitecture published = Published(option, found.Classes) with { Auxiliary = found.Auxiliary };
        return published is SpNetArchitecture net && found is SpNetArchitecture read
            ? net with { SpmStripBias = read.SpmStripBias, Pools = read.Pools }
            : published;
    }

    /// <summary>The blocks with a strip pooling module: <c>layer1.2, layer2.3</c>.</summary>
    public static string StripPooling(SpNetArchitecture architecture)
    {
        if (architecture.SpmBlocks.Count == 0)
            return "none";
        IEnumerable<string> blocks = architecture.SpmBlocks.Order()
            .Select(block => string.Create(CultureInfo.InvariantCulture, $"layer{block.Stage + 1}.{block.Block}"));
        bool isOfficial = architecture.SpmBlocks.SetEquals(SpNetArchitecture.OfficialSpmBlocks(architecture.Blocks));
        return $"{string.Join(", ", blocks)}{(isOfficial ? " (as published)" : "")}";
    }
}
