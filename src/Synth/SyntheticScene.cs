using SpGpu.Data;

namespace SpGpu.Synth;

/// <summary>A picture of a synthetic street with its exact labels.</summary>
public sealed class SyntheticScene
{
    internal SyntheticScene(RgbImage image, LabelMap labels, ushort[] objects, IReadOnlyList<ThinObject> thinObjects)
    {
        Image = image;
        Labels = labels;
        Objects = objects;
        ThinObjects = thinObjects;
    }

    /// <summary>The picture.</summary>
    public RgbImage Image { get; }

    /// <summary>The <see cref="SynthClass"/> of the surface nearest to the camera at every pixel's centre.</summary>
    public LabelMap Labels { get; }

    /// <summary>
    /// For the pixel at (x, y), at y * Width + x: 0 where no thin thing is seen, else 1 + its index in
    /// <see cref="ThinObjects"/>; not a copy.
    /// </summary>
    public ushort[] Objects { get; }

    /// <summary>The thin things of which at least a pixel is seen.</summary>
    public IReadOnlyList<ThinObject> ThinObjects { get; }
}
