namespace SpGpu.Models.Weights;

/// <summary>
/// Finds a model's own names under the prefixes that wrappers give them: <c>module.</c> of parallel training,
/// <c>_orig_mod.</c> of a compiled module, and whatever a training script calls the network (<c>model.</c>,
/// <c>net.</c>), in any order.
/// </summary>
internal static class ModelNames
{
    /// <summary>A name that every backbone has: alone, or in a network under <c>pretrained.</c>.</summary>
    private const string OfBackbone = "layer1.0.conv1.weight", InNetwork = "pretrained.";

    /// <summary>Modules that hold another one and nothing of their own; no network here has a part of such a name.</summary>
    private static readonly string[] _wrappers = ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    /// <summary>The prefixes under which networks for segmentation lie, the empty one for one that is not wrapped.</summary>
    public static string[] Networks(IEnumerable<string> names) => Prefixes(names, NetworkFamily.Scores);

    /// <summary>
    /// The model's name of each tensor; null for one beside the network. Of models that are no network that is known, or where
    /// there are several, only what all names have is taken off.
    /// </summary>
    public static string?[] Of(IReadOnlyList<string> names)
    {
        string[] known = [.. names.Where(name => Networks([name]).Length > 0)];
        if (known is [string one])
        {
            // What is not under the same wrappers is not the network's, unless the head itself is wrapped.
            string? score = NetworkFamily.Scores.FirstOrDefault(score => one.EndsWith(score, StringComparison.Ordinal));
            string prefix = score is null ? Networks(known)[0] : one[..^score.Length];
            return [.. names.Select(name => name.StartsWith(prefix, StringComparison.Ordinal) ? Unwrapped(name[prefix.Length..]) : null)];
        }
        string[] bare = [.. names];
        while (bare.Length > 0 && Wrapper(bare[0]) is string wrapper
            && bare.All(name => name.StartsWith(wrapper, StringComparison.Ordinal)))
            bare = [.. bare.Select(name => name[wrapper.Length..])];
        if (Prefixes(bare, [OfBackbone]) is not [string backbone])
            return bare;
        if (backbone.EndsWith(InNetwork, StringComparison.Ordinal))
            backbone = backbone[..^InNetwork.Length];
        return bare.All(name => name.StartsWith(backbone, StringComparison.Ordinal))
            ? [.. bare.Select(name => name[backbone.Length..])]
            : bare;
    }

    /// <summary>What stands before any of the known names, where one stands there.</summary>
    private static string[] Prefixes(IEnumerable<string> names, string[] known)
    {
        var prefixes = new List<string>();
        foreach (string name in names.Select(Unwrapped))
        {
            foreach (string end in known)
            {
                if (name == end || name.EndsWith($".{end}", StringComparison.Ordinal))
                    prefixes.Add(name[..^end.Length]);
            }
        }
        return [.. prefixes];
    }

    /// <summary>The wrapper that a name starts with, and its point.</summary>
    private static string? Wrapper(string name) =>
        _wrappers.Select(wrapper => $"{wrapper}.").FirstOrDefault(wrapper => name.StartsWith(wrapper, StringComparison.Ordinal));

    /// <summary>The name without wrappers, wherever they stand: parts of a network may be wrapped by themselves.</summary>
    private static string Unwrapped(string name) => _wrappers.Any(wrapper => name.Contains(wrapper, StringComparison.Ordinal))
        ? string.Join('.', name.Split('.').Where(part => !_wrappers.Contains(part)))
        : name;
}
