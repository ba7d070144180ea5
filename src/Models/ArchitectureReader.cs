using System.Globalization;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>
/// Reads the shape of an SPNet from the names and shapes of its tensors, and the pooled grids and the sizes that it was trained
/// on, which no tensor depends on, from the metadata that training writes; files without it are taken to have the official ones.
/// </summary>
public static class ArchitectureReader
{
    private const string PoolsKey = WeightsFile.NetworkPrefix + "pools", SizesKey = WeightsFile.NetworkPrefix + "sizes";

    // Where training wrote them at first, among its settings and in their notation: [20, 12].
    private const string FormerKey = WeightsFile.ConfigurationPrefix + "pools";

    /// <summary>What the metadata of a weights file says of a network, because no tensor does.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(SpNetArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        (int large, int small) = architecture.Pools;
        return new Dictionary<string, string>
        {
            [PoolsKey] = NetworkKeys.Invariant($"{large} {small}"),
            [SizesKey] = architecture.Sizes.ToString(),
        };
    }

    /// <summary>The architecture that tensors under the model's own names have; none is loaded.</summary>
    /// <param name="weights">The tensors.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="WeightsException">The tensors are not those of an SPNet.</exception>
    public static SpNetArchitecture Read(ITensorSource weights, string file)
    {
        var found = SegmentationArchitecture.Read(weights, file);
        return found as SpNetArchitecture ?? throw new WeightsException(
            $"'{file}' does not hold an SPNet: it holds a {found.Title}; in code open it with {nameof(SegmentationNetwork)}.Load");
    }

    /// <summary>The architecture of an SPNet's keys.</summary>
    internal static SpNetArchitecture Read(NetworkKeys keys)
    {
        int[] blocks = keys.Blocks("pretrained.");
        var spm = new HashSet<(int, int)>();
        for (int stage = 0; stage < 4; stage++)
        {
            for (int block = 0; block < blocks[stage]; block++)
            {
                if (keys.Has(NetworkKeys.Invariant($"pretrained.layer{stage + 1}.{block}.spm.conv1.weight")))
                    spm.Add((stage, block));
            }
        }
        var architecture = new SpNetArchitecture
        {
            Classes = keys.OutChannels("head.score_layer.4.weight"),
            Stem = Array.ConvertAll(
                (int[])[0, 3, 6], layer => keys.OutChannels(NetworkKeys.Invariant($"pretrained.conv1.{layer}.weight"))),
            Planes = keys.Planes("pretrained."),
            Blocks = blocks,
            SpmBlocks = spm,
            SpmStripBias = keys.Names.Any(name => name.EndsWith(".spm.conv1.bias", StringComparison.Ordinal)),
            Skip = keys.Has("head.skip.0.weight"),
            Auxiliary = keys.Has("auxlayer.conv5.0.weight"),
            TrainedSizes = Sizes(keys.Metadata.GetValueOrDefault(SizesKey, SizeRule.Any.ToString())),
        };
        return keys.Metadata.TryGetValue(PoolsKey, out string? pools)
            ? architecture with { Pools = Pools(PoolsKey, pools, pools.Split(' ')) }
            : keys.Metadata.TryGetValue(FormerKey, out string? former)
            ? architecture with { Pools = Pools(FormerKey, former, former.Trim('[', ']').Split(", ")) }
            : architecture;
    }

    private static SizeRule Sizes(string text)
    {
        if (text == SizeRule.Any.ToString())
            return SizeRule.Any;
        for (int rest = 0; rest < SpNetArchitecture.Stride; rest++)
        {
            var rule = new SizeRule(SpNetArchitecture.Stride, rest);
            if (text == rule.ToString())
                return rule;
        }
        throw new ConfigurationException(
            $"its metadata has {SizesKey} = {Quoted.Text(text)} where {SizeRule.Any}, 8n or 8n + 1 to 7 is needed");
    }

    private static (int Large, int Small) Pools(string key, string text, string[] words)
    {
        int[] sides =
            [.. words.Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return sides is [int large, int small]
            ? (large, small)
            : throw new ConfigurationException(
                $"its metadata has {key} = {Quoted.Text(text)} where two numbers are needed");
    }
}
