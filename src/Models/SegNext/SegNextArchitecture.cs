using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// A SegNeXt (Guo et al., "SegNeXt: Rethinking Convolutional Attention Design", NeurIPS 2022) by the names of mmsegmentation: four
/// stages of attention made of strip convolutions, and a head that keeps of their features what a few bases can tell.
/// </summary>
public sealed record SegNextArchitecture : SegmentationArchitecture
{
    /// <summary>Channels of the four stages, at strides 4, 8, 16 and 32; the first must be even.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Blocks of the four stages.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>How much wider the middle of a block's convolutions is, for each stage.</summary>
    public required IReadOnlyList<int> Ratios { get; init; }

    /// <summary>Channels of the head, a multiple of <see cref="NormGroups"/>.</summary>
    public required int HeadChannels { get; init; }

    /// <summary>Channels that are decomposed.</summary>
    public required int HamChannels { get; init; }

    /// <summary>Groups of the head's norms; no key tells them.</summary>
    public int NormGroups { get; init; } = 32;

    /// <inheritdoc/>
    public override string Name =>
        Widths.SequenceEqual([32, 64, 160, 256]) && Blocks.SequenceEqual([3, 3, 5, 2]) ? "SegNeXt-T"
        : Widths.SequenceEqual([64, 128, 320, 512]) && Blocks.SequenceEqual([2, 2, 4, 2]) ? "SegNeXt-S"
        : Widths.SequenceEqual([64, 128, 320, 512]) && Blocks.SequenceEqual([3, 3, 12, 3]) ? "SegNeXt-B"
        : Widths.SequenceEqual([64, 128, 320, 512]) && Blocks.SequenceEqual([3, 5, 27, 3]) ? "SegNeXt-L"
        : FormattableString.Invariant($"SegNeXt with widths {string.Join(", ", Widths)}, blocks {string.Join(", ", Blocks)}");

    /// <inheritdoc/>
    public override NetworkSource Source => NetworkSource.Mmsegmentation;

    /// <inheritdoc/>
    public override ResizeRule Resize => ResizeRule.HalfPixel;

    /// <summary>SegNeXt-T.</summary>
    public static SegNextArchitecture T(int classes) => new()
    {
        Classes = classes,
        Widths = [32, 64, 160, 256],
        Blocks = [3, 3, 5, 2],
        Ratios = [8, 8, 4, 4],
        HeadChannels = 256,
        HamChannels = 256,
        Auxiliary = false,
    };

    /// <inheritdoc/>
    public override Graph Build() => SegNextGraph.Build(Checked());

    /// <inheritdoc/>
    public override SegNextArchitecture Checked()
    {
        CheckClasses();
        if (Widths.Count != 4 || Blocks.Count != 4 || Ratios.Count != 4)
            throw new ConfigurationException("a SegNeXt has four stages; give four widths, blocks and ratios");
        if (Widths.Append(HeadChannels).Append(HamChannels).Any(width => width is < 1 or > 4096) || Widths[0] % 2 != 0)
            throw new ConfigurationException("widths (planes) must lie between 1 and 4096, and the first must be even");
        if (Blocks.Concat(Ratios).Any(number => number is < 1 or > 256))
            throw new ConfigurationException("blocks and ratios must lie between 1 and 256");
        if (NormGroups < 1 || HeadChannels % NormGroups != 0 || HamChannels % NormGroups != 0)
            throw new ConfigurationException(
                $"{NormGroups} groups of the head's norms do not divide {HeadChannels} and {HamChannels} channels");
        return this;
    }

    /// <summary>The title.</summary>
    public override string ToString() => Title;

    /// <summary>The widths by the keys.</summary>
    internal static SegNextArchitecture Read(NetworkKeys keys)
    {
        int[] stages = [1, 2, 3, 4];
        int[] widths = [.. stages.Select(stage => keys.InChannels(NetworkKeys.Invariant($"backbone.block{stage}.0.mlp.fc1.weight")))];
        int head = keys.InChannels("decode_head.conv_seg.weight");
        int ham = keys.OutChannels("decode_head.hamburger.ham_in.conv.weight");
        return new()
        {
            Classes = keys.OutChannels("decode_head.conv_seg.weight"),
            Auxiliary = false,
            Widths = widths,
            Blocks =
            [
                .. stages.Select(stage => keys.Count(block => NetworkKeys.Invariant($"backbone.block{stage}.{block}.mlp.fc1.weight"))),
            ],
            Ratios =
            [
                .. stages.Select(stage =>
                    keys.OutChannels(NetworkKeys.Invariant($"backbone.block{stage}.0.mlp.fc1.weight")) / Math.Max(1, widths[stage - 1])),
            ],
            HeadChannels = head,
            HamChannels = ham,
            NormGroups = GroupsOf(head, ham),
        };
    }

    /// <summary>32 as published; of narrower heads, the most that divide their channels.</summary>
    private static int GroupsOf(int head, int ham) => Enumerable.Range(1, 32).Last(groups => head % groups == 0 && ham % groups == 0);
}
