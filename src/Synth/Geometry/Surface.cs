namespace SpGpu.Synth.Geometry;

/// <summary>A flat piece of something, with all that its label and its colour take.</summary>
/// <param name="Class">Its label.</param>
/// <param name="Material">How it looks.</param>
/// <param name="Origin">Where its texture begins.</param>
/// <param name="U">Texture u of a point is its dot product with this, from the origin.</param>
/// <param name="V">The same for v.</param>
/// <param name="Normal">Either of its two.</param>
/// <param name="Round">Whether it stands for half a cylinder, with u from -1 to 1 across.</param>
/// <param name="Object">0, or the thin thing that it belongs to.</param>
internal sealed record Surface(
    SynthClass Class, Material Material, Vec Origin, Vec U, Vec V, Vec Normal, bool Round = false, int Object = 0);

/// <summary>Three corners of a surface.</summary>
internal readonly record struct Triangle(Vec A, Vec B, Vec C, int Surface);
