using System.Globalization;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>
/// Reads the shape of an SPNet from the names and shapes of its tensors, and the pooled grids, which no tensor depends
/// on, from the metadata that training writes; files without it are taken to have the official grids.
/// </summary>
public static class ArchitectureReader
{
    private const string PoolsKey = WeightsFile.NetworkPrefix + "pools";

    // Where training wrote them at first, among its settings and in their notation: [20, 12].
    private const string FormerKey = WeightsFile.ConfigurationPrefix + "pools";

    /// <summary>What the metadata of a weights file says of a network, because no tensor does.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(SpNetArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return new Dictionary<string, string> { [PoolsKey] = Invariant($"{architecture.Pools.Large} {architecture.Pools.Small}") };
    }

    /// <summary>The architecture that tensors under the model's own names have; none is loaded.</summary>
    /// <param name="weights">The tensors.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="WeightsException">The tensors are not those of an SPNet.</exception>
    public static SpNetArchitecture Read(ITensorSource weights, string file)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var shapes = weights.Names.ToDictionary(name => name, name => weights.ShapeOf(name)!, StringComparer.Ordinal);
        return Read(shapes, weights.Metadata, file);
    }

    private static SpNetArchitecture Read(
        Dictionary<string, IReadOnlyList<int>> shapes, IReadOnlyDictionary<string, string> metadata, string file)
    {
        if (!shapes.ContainsKey(ModelNames.OfSpNet))
        {
            string[] wrapped = ModelNames.SpNets(shapes.Keys);
            if (wrapped.Length > 0)
                throw new WeightsException(
                    $"'{file}' holds {wrapped.Length} networks, under {string.Join(" and ", wrapped.Select(Quoted.Text))}; " +
                    "save the one that is meant alone");
            throw new WeightsException(shapes.ContainsKey("conv1.0.weight") || shapes.ContainsKey("fc.weight")
                ? $"'{file}' holds a backbone without a segmentation head; give the weights of a trained SPNet"
                : $"'{file}' does not hold an SPNet: there is no '{ModelNames.OfSpNet}'; give the weights of a trained SPNet");
        }
        int[] blocks = [.. Enumerable.Range(1, 4).Select(stage => CountBlocks(shapes, stage))];
        var spm = new HashSet<(int, int)>();
        for (int stage = 0; stage < 4; stage++)
        {
            for (int block = 0; block < blocks[stage]; block++)
            {
                if (shapes.ContainsKey(Invariant($"pretrained.layer{stage + 1}.{block}.spm.conv1.weight")))
                    spm.Add((stage, block));
            }
        }
        try
        {
            var architecture = new SpNetArchitecture
            {
                Classes = OutChannels(ModelNames.OfSpNet),
                Stem = [.. ((int[])[0, 3, 6]).Select(layer => OutChannels(Invariant($"pretrained.conv1.{layer}.weight")))],
                Planes = [.. Enumerable.Range(1, 4).Select(stage => OutChannels(Invariant($"pretrained.layer{stage}.0.conv1.weight")))],
                Blocks = blocks,
                SpmBlocks = spm,
                SpmStripBias = shapes.Keys.Any(name => name.EndsWith(".spm.conv1.bias", StringComparison.Ordinal)),
                Skip = shapes.ContainsKey("head.skip.0.weight"),
                Auxiliary = shapes.ContainsKey("auxlayer.conv5.0.weight"),
            };
            if (metadata.TryGetValue(PoolsKey, out string? pools))
                architecture = architecture with { Pools = Pools(PoolsKey, pools, pools.Split(' ')) };
            else if (metadata.TryGetValue(FormerKey, out string? former))
                architecture = architecture with { Pools = Pools(FormerKey, former, former.Trim('[', ']').Split(", ")) };
            return architecture.Checked();
        }
        catch (ConfigurationException error)
        {
            throw new WeightsException($"'{file}' holds an SPNet that cannot be built: {error.Message}", error);
        }

        int OutChannels(string name) => shapes.TryGetValue(name, out IReadOnlyList<int>? shape) && shape is [int channels, _, _, _]
            ? channels
            : throw new WeightsException(shape is null
                ? $"'{file}' holds an SPNet without '{name}'; save all of its weights"
                : $"'{name}' in '{file}' has shape {HostTensor.Describe(shape)}; a convolution's four extents are needed");
    }

    private static int CountBlocks(Dictionary<string, IReadOnlyList<int>> shapes, int stage)
    {
        int count = 0;
        while (shapes.ContainsKey(Invariant($"pretrained.layer{stage}.{count}.conv1.weight")))
            count++;
        return count;
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

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
