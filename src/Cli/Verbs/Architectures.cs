using System.CommandLine;
using System.Globalization;
using SpGpu.Cli.Usage;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary>The published networks by name, and names for networks.</summary>
internal static class Architectures
{
    private static readonly (string Name, string Option, Func<int, SpNetArchitecture> Make)[] _published =
    [
        ("SPNet-50", "spnet50", SpNetArchitecture.SpNet50),
        ("SPNet-101", "spnet101", SpNetArchitecture.SpNet101),
        ("SPNet-152", "spnet152", SpNetArchitecture.SpNet152),
    ];

    /// <summary><c>--arch</c>.</summary>
    public static Option<string> Option() => Options.Choice(
        "--arch", "The architecture, where the names of the weights do not tell it", [.. _published.Select(published => published.Option)]);

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
    public static SpNetArchitecture WithPools(this SpNetArchitecture architecture, (int Large, int Small)? sides) =>
        architecture with { Pools = sides ?? architecture.Pools };

    /// <summary>A published network.</summary>
    public static SpNetArchitecture Published(string option, int classes) =>
        _published.Single(published => published.Option == option).Make(classes);

    /// <summary>The architecture of a weights file.</summary>
    /// <param name="weights">The file.</param>
    /// <param name="option">
    /// A published network whose widths and depths the file must have; null goes by the file alone.
    /// </param>
    public static SpNetArchitecture Of(WeightsFile weights, string? option)
    {
        SpNetArchitecture found = ArchitectureReader.Read(weights, weights.Origin);
        if (option is null)
            return found;
        return Published(option, found.Classes) with
        {
            Auxiliary = found.Auxiliary,
            SpmStripBias = found.SpmStripBias,
            Pools = found.Pools,
        };
    }

    /// <summary>The name of a network: <c>SPNet-50</c> or its widths and depths.</summary>
    public static string NameOf(SpNetArchitecture architecture)
    {
        foreach ((string name, _, Func<int, SpNetArchitecture> make) in _published)
        {
            SpNetArchitecture published = make(architecture.Classes);
            if (published.Blocks.SequenceEqual(architecture.Blocks) && published.Planes.SequenceEqual(architecture.Planes)
                && published.Stem.SequenceEqual(architecture.Stem))
            {
                return name;
            }
        }
        return $"SPNet with stem {Join(architecture.Stem)}, planes {Join(architecture.Planes)}, blocks {Join(architecture.Blocks)}";
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

    private static string Join(IEnumerable<int> numbers) =>
        string.Join(' ', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
