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
    private const string PoolsKey = WeightsFile.ConfigurationPrefix + "pools";

    /// <summary>The architecture of a state dict without a <c>module.</c> prefix.</summary>
    /// <param name="state">The tensors.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="WeightsException">The tensors are not those of an SPNet.</exception>
    public static SpNetArchitecture Read(StateDict state, string file)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.TryGet("head.score_layer.4.weight", out _))
        {
            throw new WeightsException(state.TryGet("conv1.0.weight", out _) || state.TryGet("fc.weight", out _)
                ? $"'{file}' holds a backbone without a segmentation head; give the weights of a trained SPNet"
                : $"'{file}' does not hold an SPNet: there is no 'head.score_layer.4.weight'; give the weights of a trained SPNet");
        }
        var names = new HashSet<string>(state.Names, StringComparer.Ordinal);
        int[] blocks = [.. Enumerable.Range(1, 4).Select(stage => CountBlocks(names, stage))];
        var spm = new HashSet<(int, int)>();
        for (int stage = 0; stage < 4; stage++)
        {
            for (int block = 0; block < blocks[stage]; block++)
            {
                if (names.Contains(Invariant($"pretrained.layer{stage + 1}.{block}.spm.conv1.weight")))
                    spm.Add((stage, block));
            }
        }
        try
        {
            var architecture = new SpNetArchitecture
            {
                Classes = OutChannels(state, "head.score_layer.4.weight"),
                Stem = [.. ((int[])[0, 3, 6]).Select(layer => OutChannels(state, Invariant($"pretrained.conv1.{layer}.weight")))],
                Planes = [.. Enumerable.Range(1, 4).Select(stage => OutChannels(state, Invariant($"pretrained.layer{stage}.0.conv1.weight")))],
                Blocks = blocks,
                SpmBlocks = spm,
                SpmStripBias = names.Any(name => name.EndsWith(".spm.conv1.bias", StringComparison.Ordinal)),
                Auxiliary = names.Contains("auxlayer.conv5.0.weight"),
            };
            if (state.Metadata.TryGetValue(PoolsKey, out string? pools))
                architecture = architecture with { Pools = Pools(pools) };
            return architecture.Checked();
        }
        catch (ConfigurationException error)
        {
            throw new WeightsException($"'{file}' holds an SPNet that cannot be built: {error.Message}", error);
        }
    }

    private static int CountBlocks(HashSet<string> names, int stage)
    {
        int count = 0;
        while (names.Contains(Invariant($"pretrained.layer{stage}.{count}.conv1.weight")))
            count++;
        return count;
    }

    /// <summary>Two numbers as configuration files have them: <c>[20, 12]</c>.</summary>
    private static (int Large, int Small) Pools(string text)
    {
        int[] sides = [.. text.Trim('[', ']').Split(',').Select(side => int.TryParse(side, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return sides is [int large, int small]
            ? (large, small)
            : throw new ConfigurationException($"its metadata has {PoolsKey} = {Quoted.Text(text)} where two numbers are needed, as in [20, 12]");
    }

    private static int OutChannels(StateDict state, string name) => state[name].Shape is [int channels, _, _, _]
        ? channels
        : throw new WeightsException($"'{name}' has shape {HostTensor.Describe(state[name].Shape)}; a convolution's four extents are needed");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
