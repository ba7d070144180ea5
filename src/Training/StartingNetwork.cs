using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>
/// What a configuration leaves open of a network, by the file that it starts from: a whole network of the same kind decides source,
/// widths and depths, a backbone alone decides the stem. SPNets are built by the configuration alone.
/// </summary>
internal static class StartingNetwork
{
    /// <summary>The configuration with what the file decides.</summary>
    /// <param name="c">The configuration.</param>
    /// <param name="checkpoint">The checkpoint that the run goes on from, which goes before the weights; null starts anew.</param>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static TrainingConfiguration Settle(TrainingConfiguration c, string? checkpoint)
    {
        if (c.Arch == Recipe.SpNet || c.Stem is not null || c.Planes is not null || c.Blocks is not null
            || (checkpoint ?? c.Weight) is not { } path)
        {
            return c;
        }
        using var file = WeightsFile.Open(path);
        var keys = new NetworkKeys(file, path);
        if (NetworkFamily.All.FirstOrDefault(keys.AreOf)?.Read(keys) is { } whole && Recipe.IsOf(whole, c.Arch))
            return c with { StartingNetwork = whole.Checked() };
        string[] stem = BackboneNames.Stem(file.Names);
        return stem.Length > 0 && Recipe.Architecture(c) is ResNetArchitecture
            ? c with { StartingNetwork = Recipe.Architecture(c with { Stem = [.. stem.Select(keys.OutChannels)] }) }
            : c;
    }
}
