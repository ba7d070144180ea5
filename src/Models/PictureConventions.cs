using SpGpu.Gpu;

namespace SpGpu.Models;

/// <summary>
/// How pictures are brought to a network, and its scores back to pictures. What is given by default is what the official
/// SPNet is trained with.
/// </summary>
public sealed record PictureConventions
{
    /// <summary>Mean and deviation of the pixels, by which they are normalised.</summary>
    public ColourStatistics Colours { get; init; } = ColourStatistics.ImageNet;

    /// <summary>How scores are resized to the picture.</summary>
    public ResizeRule Resize { get; init; } = ResizeRule.CornerAligned;

    /// <summary>The sizes that the network is made for: pictures are enlarged to the next one, windows padded.</summary>
    public SizeRule Sizes { get; init; } = SizeRule.Any;
}
