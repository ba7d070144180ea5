using System.Text.RegularExpressions;

namespace SpGpu.Models;

/// <summary>
/// What codes call the parts of a ResNet, so that a backbone that was trained under the names of one starts a network of another:
/// blocks have one name everywhere (layer1.0.conv1) but for what stands before it, the convolutions and norms of the stem do not.
/// </summary>
internal static partial class BackboneNames
{
    /// <summary>What stands before the names of a backbone in a network.</summary>
    private static readonly string[] _prefixes = ["pretrained.", "backbone.", ""];

    /// <summary>Deep stems first: the plain one is the beginning of one of them.</summary>
    private static readonly (string[] Convolutions, string[] Norms)[] _stems =
    [
        (["conv1.0", "conv1.3", "conv1.6"], ["conv1.1", "conv1.4", "bn1"]),
        (["stem.0", "stem.3", "stem.6"], ["stem.1", "stem.4", "stem.7"]),
        (["layer0.0", "layer0.3", "layer0.6"], ["layer0.1", "layer0.4", "layer0.7"]),
        (["conv1", "conv2", "conv3"], ["bn1", "bn2", "bn3"]),
        (["conv1"], ["bn1"]),
        (["layer0.0"], ["layer0.1"]),
    ];

    /// <summary>Whether a parameter belongs to a backbone and not to a head.</summary>
    public static bool Holds(string parameter) =>
        _prefixes.Any(prefix => prefix.Length > 0 && parameter.StartsWith(prefix, StringComparison.Ordinal)) || Layer().IsMatch(parameter);

    /// <summary>The convolutions of the stem among the names of a network or of a backbone alone; none where there is no ResNet.</summary>
    public static string[] Stem(IEnumerable<string> names) =>
        Find(names) is { } found ? [.. found.Convolutions.Select(name => $"{found.Prefix}{name}.weight")] : [];

    /// <summary>What tensors of a file are called in a network; those that are of no backbone keep their names.</summary>
    /// <param name="file">The names in the file.</param>
    /// <param name="network">The names in the network.</param>
    public static Func<string, string> Between(IEnumerable<string> file, IEnumerable<string> network)
    {
        if (Find(file) is not { } from || Find(network) is not { } to)
            return name => name;
        (string From, string To)[] parts =
        [
            .. from.Convolutions.Zip(to.Convolutions), .. from.Norms.Zip(to.Norms),
            .. Enumerable.Range(1, 4).Select(stage => NetworkKeys.Invariant($"layer{stage}")).Select(stage => (stage, stage)),
        ];
        return name =>
        {
            (string part, string called) = parts.FirstOrDefault(
                part => name.StartsWith($"{from.Prefix}{part.From}.", StringComparison.Ordinal));
            return part is null ? name : $"{to.Prefix}{called}{name[(from.Prefix.Length + part.Length)..]}";
        };
    }

    /// <summary>What stands before the names of a backbone; null where there is no ResNet.</summary>
    public static string? Prefix(IEnumerable<string> names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        return _prefixes.FirstOrDefault(prefix => known.Contains($"{prefix}layer1.0.conv1.weight"));
    }

    private static (string Prefix, string[] Convolutions, string[] Norms)? Find(IEnumerable<string> names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        if (Prefix(known) is not { } prefix)
            return null;
        (string[] convolutions, string[] norms) = _stems.FirstOrDefault(
            stem => stem.Convolutions.All(name => known.Contains($"{prefix}{name}.weight")));
        return (prefix, convolutions ?? [], norms ?? []);
    }

    /// <summary>The layers of a backbone that has no prefix in its network.</summary>
    [GeneratedRegex(@"^layer[0-4]\.\d")]
    private static partial Regex Layer();
}
