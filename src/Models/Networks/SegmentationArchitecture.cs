using System.Collections.ObjectModel;
using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Weights;

namespace SpGpu.Models;

/// <summary>
/// What a network for segmentation is, without its parameters: enough to build its graph, to name it, and to bring
/// pictures to it. Each family has a record of its own; <see cref="Read"/> tells family, widths and depths from keys.
/// </summary>
public abstract record SegmentationArchitecture
{
    /// <summary>Classes of the label map, 1 to 256.</summary>
    public required int Classes { get; init; }

    /// <summary>Whether there is an auxiliary head (training only).</summary>
    public bool Auxiliary { get; init; } = true;

    /// <summary>The network's name, without its classes: <c>SPNet-50</c>, <c>PSPNet-50</c>, or its widths and depths.</summary>
    public abstract string Name { get; }

    /// <summary>Whose names and conventions it follows.</summary>
    public abstract NetworkSource Source { get; }

    /// <summary>How its logits are resized to the picture, and grids within it.</summary>
    public abstract ResizeRule Resize { get; }

    /// <summary>The sizes that it is made for. Pictures are enlarged to the next one; what is given as a tensor is not.</summary>
    public virtual SizeRule Sizes => SizeRule.Any;

    /// <summary>Pixels of a picture along each side for one of the output <c>score</c>.</summary>
    public virtual int ScoreStride => 8;

    /// <summary>What the metadata of a weights file says of the network, because no tensor does.</summary>
    public virtual IReadOnlyDictionary<string, string> Metadata => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Name and conventions as metadata of a weights file, for other programs: <c>network.name</c>, <c>network.mean</c> and
    /// <c>network.std</c> of pixels from 0 to 255, <c>network.resize</c>, <c>network.sizes</c> and <c>network.stride</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Conventions => new Dictionary<string, string>
    {
        [WeightsFile.NetworkPrefix + "name"] = Title,
        [WeightsFile.NetworkPrefix + "mean"] = Join(ColourStatistics.ImageNet.Mean),
        [WeightsFile.NetworkPrefix + "std"] = Join(ColourStatistics.ImageNet.Deviation),
        [WeightsFile.NetworkPrefix + "resize"] = Resize == ResizeRule.HalfPixel ? "half-pixel" : "corners aligned",
        [WeightsFile.NetworkPrefix + "sizes"] = Sizes.ToString(),
        [WeightsFile.NetworkPrefix + "stride"] = ScoreStride.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Name, source and classes: <c>PSPNet-50 (mmsegmentation), 19 classes</c>.</summary>
    public string Title
    {
        get
        {
            string source = Source == NetworkSource.SpNet ? "" : $" ({Source.ToString().ToLowerInvariant()})";
            return FormattableString.Invariant($"{Name}{source}, {Classes} {(Classes == 1 ? "class" : "classes")}");
        }
    }

    /// <summary>
    /// Declares the network. Input: <c>image</c> (N,3,H,W, normalised). Outputs: the stages of its backbone, <c>score</c>
    /// (logits at <see cref="ScoreStride"/>), <c>logits</c> (those upsampled to H,W) and, with an auxiliary head,
    /// <c>aux</c> (its logits). Parameters have the source's names.
    /// </summary>
    /// <exception cref="ConfigurationException">The network cannot be built.</exception>
    public abstract Graph Build();

    /// <summary>Throws unless the network can be built.</summary>
    /// <exception cref="ConfigurationException">A number is out of range; the message says which.</exception>
    public abstract SegmentationArchitecture Checked();

    /// <summary>The network that tensors under its own names are of; none is loaded.</summary>
    /// <param name="weights">The tensors.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="WeightsException">They are of no network that is known, or of one that cannot be built.</exception>
    public static SegmentationArchitecture Read(ITensorSource weights, string file)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var keys = new NetworkKeys(weights, file);
        NetworkFamily family = NetworkFamily.All.FirstOrDefault(keys.AreOf) ?? throw keys.Unknown();
        try
        {
            return family.Read(keys).Checked();
        }
        catch (ConfigurationException error)
        {
            throw new WeightsException($"'{file}' holds {family.Name} that cannot be built: {error.Message}", error);
        }
    }

    /// <summary>The title.</summary>
    public override string ToString() => Title;

    private static string Join(IEnumerable<float> numbers) =>
        string.Join(' ', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Throws unless a label map can tell the classes apart.</summary>
    private protected void CheckClasses()
    {
        if (Classes is < 1 or > 256)
            throw new ConfigurationException($"{Classes} classes; a label map tells 1 to 256 apart");
    }
}
