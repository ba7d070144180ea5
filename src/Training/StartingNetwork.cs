using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>
/// What a configuration leaves open of a network, by the file that it starts from: a whole network of the same kind decides source,
/// widths and depths, a backbone alone decides its own. SPNets are built by the configuration alone.
/// </summary>
internal static class StartingNetwork
{
    /// <summary>The configuration with what the file decides.</summary>
    /// <param name="c">The configuration.</param>
    /// <param name="checkpoint">The checkpoint that the run goes on from, which goes before the weights; null starts anew.</param>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static TrainingConfiguration Settle(TrainingConfiguration c, string? checkpoint)
    {
        if (c.Arch == Recipe.SpNet && checkpoint is null && c.Weight is { } given)
            ThrowIfOfBasicBlocks(given);
        if (c.Arch == Recipe.SpNet || c.Stem is not null || c.Planes is not null || c.Blocks is not null
            || (checkpoint ?? c.Weight) is not { } path)
        {
            return c;
        }
        using var file = WeightsFile.Open(path);
        var keys = new NetworkKeys(file, path);
        if (NetworkFamily.All.FirstOrDefault(keys.AreOf)?.Read(keys) is { } whole && Recipe.IsOf(whole, c.Arch))
            return c with { StartingNetwork = whole.Checked() };
        return Recipe.Architecture(c) is ResNetArchitecture && BackboneNames.Stem(file.Names) is { Length: > 0 } stem
            ? c with { StartingNetwork = Recipe.Architecture(OnBackbone(c, keys, stem)) }
            : c;
    }

    /// <summary>Some of its tensors would fit the bottlenecks of an SPNet by their shape, and mean something else.</summary>
    private static void ThrowIfOfBasicBlocks(string path)
    {
        using var file = WeightsFile.Open(path);
        if (BackboneNames.Prefix(file.Names) is { } prefix && file.ShapeOf($"{prefix}layer1.0.conv3.weight") is null)
            throw new WeightsException(
                $"'{path}' holds a backbone of basic blocks, which an SPNet does not have; start pspnet, fcn or deeplabv3 from it");
    }

    /// <summary>The widths and depths of a backbone.</summary>
    private static TrainingConfiguration OnBackbone(TrainingConfiguration c, NetworkKeys keys, string[] stem)
    {
        string prefix = BackboneNames.Prefix(keys.Names)!;
        return c with
        {
            Stem = [.. stem.Select(keys.OutChannels)],
            Planes = keys.Planes(prefix),
            Blocks = keys.Blocks(prefix),
            Backbone = keys.Has($"{prefix}layer1.0.conv3.weight") ? "resnet50" : "resnet18",
        };
    }
}
