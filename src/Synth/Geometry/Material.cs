namespace SpGpu.Synth.Geometry;

/// <summary>The kinds of procedural texture.</summary>
internal enum Texture
{
    /// <summary>One colour with slight stains.</summary>
    Plain,

    /// <summary>Grains and patches of two tones.</summary>
    Grainy,

    /// <summary>Slabs with joints.</summary>
    Slabs,

    /// <summary>Rows of bricks.</summary>
    Bricks,

    /// <summary>Streaks along: bark and weathered metal alike.</summary>
    Streaks,
}

/// <summary>How a surface looks.</summary>
/// <param name="Texture">The kind of texture.</param>
/// <param name="Colour">Linear red, green, blue.</param>
/// <param name="Second">The colour of joints, patches or streaks.</param>
/// <param name="Scale">The size of a slab, brick, grain or streak in metres.</param>
/// <param name="Windows">The grid of windows of a front, if it has one.</param>
internal sealed record Material(Texture Texture, Vec Colour, Vec Second, double Scale, WindowGrid? Windows = null)
{
    public static Material Plain(Vec colour) => new(Texture.Plain, colour, colour * 0.75, 0.5);
}

/// <summary>Windows at even distances over a front, in metres.</summary>
internal sealed record WindowGrid(double Pitch, double Storey, double Width, double Height, Vec Glass, Vec Frame);
