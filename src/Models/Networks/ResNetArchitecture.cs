using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// A ResNet (He et al., CVPR 2016) with dilated third and fourth stage, output stride 8, and a head: the FCN and DeepLabV3 of
/// torchvision, the PSPNet of semseg, the PSPNet and FCN of mmsegmentation, by whose names and conventions it goes.
/// </summary>
public sealed record ResNetArchitecture : SegmentationArchitecture
{
    private static readonly (int Depth, bool Bottlenecks, int[] Blocks)[] _published =
    [
        (18, false, [2, 2, 2, 2]), (34, false, [3, 4, 6, 3]),
        (50, true, [3, 4, 6, 3]), (101, true, [3, 4, 23, 3]), (152, true, [3, 8, 36, 3]),
    ];

    /// <summary>The head.</summary>
    public required SegmentationHead Head { get; init; }

    /// <summary>Whose names and conventions: see <see cref="SegmentationArchitecture.Source"/>.</summary>
    public required NetworkSource Layout { get; init; }

    /// <summary>Channels of the stem's convolutions: one of 7x7, or three of 3x3 (the deep stem).</summary>
    public required IReadOnlyList<int> Stem { get; init; }

    /// <summary>Planes (channels of the 3x3 convolutions) of the four stages.</summary>
    public IReadOnlyList<int> Planes { get; init; } = [64, 128, 256, 512];

    /// <summary>Blocks of the four stages.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>
    /// Whether blocks are bottlenecks of three convolutions, whose outputs have four times their planes, or basic ones of two.
    /// </summary>
    public bool Bottlenecks { get; init; } = true;

    /// <summary>Channels that the head computes with.</summary>
    public required int HeadChannels { get; init; }

    /// <inheritdoc/>
    public override string Name
    {
        get
        {
            string head = Head switch { SegmentationHead.Fcn => "FCN", SegmentationHead.PspNet => "PSPNet", _ => "DeepLabV3" };
            int depth = _published.FirstOrDefault(published => published.Bottlenecks == Bottlenecks
                && published.Blocks.SequenceEqual(Blocks) && Planes.SequenceEqual([64, 128, 256, 512])).Depth;
            return depth > 0
                ? FormattableString.Invariant($"{head}-{depth}")
                : $"{head} with stem {Join(Stem)}, planes {Join(Planes)}, {(Bottlenecks ? "bottlenecks" : "basic blocks")} {Join(Blocks)}";
        }
    }

    /// <inheritdoc/>
    public override NetworkSource Source => Layout;

    /// <inheritdoc/>
    public override ResizeRule Resize => ResNetLayout.Of(Layout).Resize;

    /// <inheritdoc/>
    public override SizeRule Sizes => ResNetLayout.Of(Layout).Sizes;

    /// <summary>Channels of the last stage, of which the head makes logits.</summary>
    internal int Features => Planes[3] * Expansion;

    internal int Expansion => Bottlenecks ? SpNetArchitecture.Expansion : 1;

    /// <summary>A published network: 18, 34, 50, 101 or 152 layers, widths as its source has them.</summary>
    /// <exception cref="ConfigurationException">There is no such depth, or the source has no such network.</exception>
    public static ResNetArchitecture Published(SegmentationHead head, NetworkSource layout, int depth, int classes)
    {
        (int found, bool bottlenecks, int[] blocks) = _published.FirstOrDefault(published => published.Depth == depth);
        if (found == 0)
            throw new ConfigurationException($"a ResNet of {depth} layers; give 18, 34, 50, 101 or 152");
        return Of(head, layout, classes, ResNetLayout.Of(layout).Stem, [64, 128, 256, 512], blocks, bottlenecks);
    }

    /// <summary>A network of any widths and depths, with the head's usual width.</summary>
    /// <exception cref="ConfigurationException">It cannot be built.</exception>
    public static ResNetArchitecture Of(
        SegmentationHead head, NetworkSource layout, int classes,
        IReadOnlyList<int> stem, IReadOnlyList<int> planes, IReadOnlyList<int> blocks, bool bottlenecks = true)
    {
        var network = new ResNetArchitecture
        {
            Head = head,
            Layout = layout,
            Classes = classes,
            Stem = stem,
            Planes = planes,
            Blocks = blocks,
            Bottlenecks = bottlenecks,
            HeadChannels = 1,
        }.Checked();
        int usual = head == SegmentationHead.DeepLabV3 ? network.Features / 8 : network.Features / 4;
        return network with { HeadChannels = Math.Max(1, usual) };
    }

    /// <inheritdoc/>
    public override Graph Build() => ResNetGraph.Build(Checked());

    /// <inheritdoc/>
    public override ResNetArchitecture Checked()
    {
        CheckClasses();
        var layout = ResNetLayout.Of(Layout);
        if (!layout.Heads.Contains(Head))
            throw new ConfigurationException($"{Layout} has no {Head} that is known here; it has {string.Join(", ", layout.Heads)}");
        if (Stem.Count is not (1 or 3) || Planes.Count != 4 || Blocks.Count != 4)
            throw new ConfigurationException(
                $"a network has 1 or 3 stem widths, 4 planes and 4 depths; {Stem.Count}, {Planes.Count} and {Blocks.Count} given");
        if (Stem.Count == 3 && !layout.HasDeepStem)
            throw new ConfigurationException($"{Layout} has no stem of three convolutions; give one width");
        if (Stem.Concat(Planes).Append(HeadChannels).Any(width => width is < 1 or > 65536) || Blocks.Any(depth => depth is < 1 or > 1000))
            throw new ConfigurationException("widths must lie between 1 and 65536 and depths between 1 and 1000");
        return this;
    }

    /// <summary>The title.</summary>
    public override string ToString() => Title;

    private static string Join(IEnumerable<int> numbers) => string.Join(' ', numbers);
}
