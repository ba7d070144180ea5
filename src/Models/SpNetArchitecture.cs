using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// The shape of an SPNet: widths, depths and where strip pooling modules sit. Presets are the published networks;
/// any other is given by its numbers or read from the keys of a checkpoint (<c>ArchitectureReader</c>).
/// </summary>
public sealed record SpNetArchitecture : SegmentationArchitecture
{
    /// <summary>Channels of a bottleneck's last convolution per plane.</summary>
    public const int Expansion = 4;

    /// <summary>Pixels of a picture along each side for one of the backbone's result.</summary>
    internal const int Stride = 8;

    private static readonly (string Name, int[] Blocks)[] _published =
        [("SPNet-50", [3, 4, 6, 3]), ("SPNet-101", [3, 4, 23, 3]), ("SPNet-152", [3, 8, 36, 3])];

    /// <summary>Channels of the three stem convolutions.</summary>
    public IReadOnlyList<int> Stem { get; init; } = [64, 64, 128];

    /// <summary>Planes (channels of the 3x3 convolution) of the four stages; outputs have four times as many.</summary>
    public IReadOnlyList<int> Planes { get; init; } = [64, 128, 256, 512];

    /// <summary>Blocks of the four stages; the fourth has at most three (multi-grid dilations 4, 8, 16).</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Blocks with a strip pooling module, as (stage, block), both from 0.</summary>
    public required IReadOnlySet<(int Stage, int Block)> SpmBlocks { get; init; }

    /// <summary>Whether the strip convolutions have a bias (checkpoints from before June 2020).</summary>
    public bool SpmStripBias { get; init; }

    /// <summary>Sides of the pooled grids of the head's mixed pooling modules; no tensor depends on them.</summary>
    public (int Large, int Small) Pools { get; init; } = (20, 12);

    /// <summary>
    /// Whether the first stage, at a stride of 4, takes part in the head's result: not in the published networks, but small
    /// ones find thin things by it.
    /// </summary>
    public bool Skip { get; init; }

    /// <summary>
    /// The sizes like those that it was trained on, of which no tensor tells (<see cref="SizesLike"/>): any for the published networks.
    /// </summary>
    public SizeRule TrainedSizes { get; init; } = SizeRule.Any;

    /// <inheritdoc/>
    public override SizeRule Sizes => TrainedSizes;

    /// <inheritdoc/>
    public override string Name =>
        _published.FirstOrDefault(published => Stem.SequenceEqual([64, 64, 128]) && Planes.SequenceEqual([64, 128, 256, 512])
            && Blocks.SequenceEqual(published.Blocks) && !Skip).Name ?? $"SPNet with {Numbers}";

    /// <inheritdoc/>
    public override NetworkSource Source => NetworkSource.SpNet;

    /// <inheritdoc/>
    public override ResizeRule Resize => ResizeRule.CornerAligned;

    /// <inheritdoc/>
    public override int ScoreStride => Skip ? 4 : Stride;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => ArchitectureReader.Metadata(this);

    private string Numbers =>
        $"stem {string.Join(' ', Stem)}, planes {string.Join(' ', Planes)}, blocks {string.Join(' ', Blocks)}{(Skip ? ", skip" : "")}";

    /// <summary>SPNet-50.</summary>
    public static SpNetArchitecture SpNet50(int classes) => Preset(classes, _published[0].Blocks);

    /// <summary>SPNet-101.</summary>
    public static SpNetArchitecture SpNet101(int classes) => Preset(classes, _published[1].Blocks);

    /// <summary>SPNet-152.</summary>
    public static SpNetArchitecture SpNet152(int classes) => Preset(classes, _published[2].Blocks);

    /// <summary>
    /// The official placement: the last block of the first three stages where they have at least two, and every block
    /// of the fourth.
    /// </summary>
    public static IReadOnlySet<(int Stage, int Block)> OfficialSpmBlocks(IReadOnlyList<int> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var placed = new HashSet<(int, int)>();
        for (int stage = 0; stage < blocks.Count; stage++)
        {
            for (int block = 0; block < blocks[stage]; block++)
            {
                if (stage == 3 || (block > 0 && block == blocks[stage] - 1))
                    placed.Add((stage, block));
            }
        }
        return placed;
    }

    /// <summary>
    /// Sizes with the same rest by 8 as one that a network is trained on. Its maps have an eighth of the resolution and are resized to
    /// the picture with their corners aligned; how far a pixel of a map then lies from what it saw depends on that rest, and the
    /// network learns it. Any size where height and width differ in it.
    /// </summary>
    public static SizeRule SizesLike(Size2D trained) =>
        trained.Height % Stride == trained.Width % Stride ? new(Stride, trained.Height % Stride) : SizeRule.Any;

    /// <summary>A network of any widths and depths with the official placement of strip pooling modules.</summary>
    public static SpNetArchitecture Of(int classes, IReadOnlyList<int> stem, IReadOnlyList<int> planes, IReadOnlyList<int> blocks) =>
        new() { Classes = classes, Stem = stem, Planes = planes, Blocks = blocks, SpmBlocks = OfficialSpmBlocks(blocks) };

    /// <inheritdoc/>
    public override Graph Build() => SpNetGraph.Build(this);

    /// <inheritdoc/>
    public override SpNetArchitecture Checked()
    {
        CheckClasses();
        if (Stem.Count != 3 || Planes.Count != 4 || Blocks.Count != 4)
            throw new ConfigurationException(
                $"a network has 3 stem widths, 4 planes and 4 depths; {Stem.Count}, {Planes.Count} and {Blocks.Count} given");
        if (Stem.Concat(Planes).Any(width => width is < 1 or > 65536) || Blocks.Any(depth => depth is < 1 or > 1000))
            throw new ConfigurationException("widths must lie between 1 and 65536 and depths between 1 and 1000");
        if (Blocks[3] > 3)
            throw new ConfigurationException($"the last stage has {Blocks[3]} blocks; multi-grid dilation is defined for at most 3");
        if (Pools.Large is < 1 or > 1000 || Pools.Small is < 1 or > 1000)
            throw new ConfigurationException($"pooled grids of {Pools.Large} and {Pools.Small}; sides lie between 1 and 1000");
        return this;
    }

    /// <summary>Widths, depths and classes: <c>SPNet with stem 64 64 128, planes 64 128 256 512, blocks 3 4 6 3, 150 classes</c>.</summary>
    public override string ToString() => $"SPNet with {Numbers}, {Classes} {(Classes == 1 ? "class" : "classes")}";

    /// <summary>Dilation of the 3x3 convolution of a block, and of nothing else.</summary>
    internal static Size2D Dilation(int stage, int block) => stage switch
    {
        2 => block == 0 ? 1 : 2,
        3 => 4 << block,
        _ => 1,
    };

    private static SpNetArchitecture Preset(int classes, int[] blocks) =>
        new SpNetArchitecture { Classes = classes, Blocks = blocks, SpmBlocks = OfficialSpmBlocks(blocks) }.Checked();
}
