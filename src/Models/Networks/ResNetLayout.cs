using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The names and conventions of a source of dilated ResNets.</summary>
internal abstract class ResNetLayout
{
    private static readonly ResNetLayout _torchvision = new TorchvisionLayout(), _semseg = new SemsegLayout(),
        _mmsegmentation = new MmsegmentationLayout();

    /// <summary>What stands before <c>layer1</c>.</summary>
    public abstract string Backbone { get; }

    /// <summary>Channels of the published networks' stem.</summary>
    public abstract int[] Stem { get; }

    /// <summary>Whether the stem can be of three convolutions.</summary>
    public virtual bool HasDeepStem => true;

    /// <summary>The heads that the source has.</summary>
    public abstract IReadOnlyList<SegmentationHead> Heads { get; }

    /// <summary>How logits and grids are resized.</summary>
    public virtual ResizeRule Resize => ResizeRule.HalfPixel;

    /// <summary>The sizes that pictures are brought to.</summary>
    public virtual SizeRule Sizes => SizeRule.Any;

    /// <summary>
    /// Whether the first block of a stage has the stage's dilation: 2 and 4 in the third and fourth. Otherwise it has that of the
    /// stage before.
    /// </summary>
    public virtual bool DilatesFirstBlock => false;

    /// <summary>The keys of the weights from which classes and the widths of the head are read, and of the auxiliary head's.</summary>
    public abstract (string Score, string Auxiliary) Keys { get; }

    /// <exception cref="ConfigurationException">The source has no such networks.</exception>
    public static ResNetLayout Of(NetworkSource source) => source switch
    {
        NetworkSource.Torchvision => _torchvision,
        NetworkSource.Semseg => _semseg,
        NetworkSource.Mmsegmentation => _mmsegmentation,
        _ => throw new ConfigurationException($"{source} has no dilated ResNets"),
    };

    /// <summary>The names of a convolution of the stem, from 0, and of its batch norm.</summary>
    public abstract (string Conv, string Norm) StemNames(int layer, bool isDeep);

    /// <summary>Logits of the last stage.</summary>
    public abstract Value Score(Graph graph, Value features, ResNetArchitecture network);

    /// <summary>Logits of the third stage, for training.</summary>
    public abstract Value AuxiliaryScore(Graph graph, Value features, ResNetArchitecture network);
}
