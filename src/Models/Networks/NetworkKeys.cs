using System.Globalization;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>The names and shapes of a network's tensors, for those who tell from them how it is built.</summary>
internal sealed class NetworkKeys(ITensorSource weights, string file)
{
    private static readonly int[] _stages = [1, 2, 3, 4];

    private readonly Dictionary<string, IReadOnlyList<int>> _shapes =
        weights.Names.ToDictionary(name => name, name => weights.ShapeOf(name)!, StringComparer.Ordinal);

    /// <summary>The free text beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => weights.Metadata;

    public IEnumerable<string> Names => _shapes.Keys;

    public bool Has(string name) => _shapes.ContainsKey(name);

    /// <summary>Whether a whole network of the family is there, under its own names.</summary>
    public bool AreOf(NetworkFamily family) => Has(family.Score) && Has(family.Own);

    /// <summary>How many of the names that a number completes are there, without a gap from 0 on.</summary>
    public int Count(Func<int, string> name)
    {
        int count = 0;
        while (Has(name(count)))
            count++;
        return count;
    }

    /// <summary>Blocks of the four stages of a ResNet.</summary>
    /// <param name="backbone">What stands before <c>layer1</c>.</param>
    public int[] Blocks(string backbone) =>
        Array.ConvertAll(_stages, stage => Count(block => Invariant($"{backbone}layer{stage}.{block}.conv1.weight")));

    /// <summary>Channels between the convolutions of a block, in the four stages of a ResNet.</summary>
    /// <param name="backbone">What stands before <c>layer1</c>.</param>
    public int[] Planes(string backbone) =>
        Array.ConvertAll(_stages, stage => OutChannels(Invariant($"{backbone}layer{stage}.0.conv1.weight")));

    /// <summary>Channels that a convolution makes.</summary>
    public int OutChannels(string convolution) => Filter(convolution)[0];

    /// <summary>Channels that a convolution takes.</summary>
    public int InChannels(string convolution) => Filter(convolution)[1];

    /// <summary>Why no family fits.</summary>
    public WeightsException Unknown()
    {
        string[] wrapped = ModelNames.Networks(Names);
        if (wrapped.Length > 0 && !wrapped.Contains(""))
            return new WeightsException(
                $"'{file}' holds {wrapped.Length} networks, under {string.Join(" and ", wrapped.Select(Quoted.Text))}; " +
                "save the one that is meant alone");
        bool isBackbone = Has("fc.weight") || BackboneNames.Stem(Names).Length > 0;
        return new WeightsException(isBackbone
            ? $"'{file}' holds a backbone without a segmentation head; give the weights of a trained network"
            : $"'{file}' does not hold a network that is known: there is none of {Quote(NetworkFamily.Scores)}; " +
                $"give the weights of a trained network: {string.Join(", ", NetworkFamily.All.Select(family => family.Name))}");
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private IReadOnlyList<int> Filter(string convolution) =>
        _shapes.TryGetValue(convolution, out IReadOnlyList<int>? shape) && shape is [_, _, _, _]
            ? shape
            : throw new WeightsException(shape is null
                ? $"'{file}' holds a network without '{convolution}'; save all of its weights"
                : $"'{convolution}' in '{file}' has shape {HostTensor.Describe(shape)}; a convolution's four extents are needed");

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
