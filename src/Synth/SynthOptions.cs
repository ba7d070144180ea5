namespace SpGpu.Synth;

/// <summary>What scenes to make.</summary>
public sealed record SynthOptions
{
    /// <summary>The shortest side, in pixels.</summary>
    public const int MinSide = 16;

    /// <summary>The longest side, in pixels.</summary>
    public const int MaxSide = 2048;

    /// <summary>Pixels in a row, 16 to 2048.</summary>
    public int Width { get; init; } = 320;

    /// <summary>Rows, 16 to 2048.</summary>
    public int Height { get; init; } = 240;

    /// <summary>Chooses the sequence of scenes.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whose assets and seeds are used.</summary>
    public SynthSplit Split { get; init; }

    /// <summary>
    /// Whether long thin things (and what looks like them: trunks, branches, mullions, cracks) are cut into pieces
    /// at most twice as long, by their centre line in the picture, as they are wide, with gaps of the same length. The
    /// world is otherwise the same, so that an experiment can tell what extent contributes.
    /// </summary>
    public bool CutThinObjects { get; init; }

    internal void Check()
    {
        CheckSide(Width, "width");
        CheckSide(Height, "height");
        if (!Enum.IsDefined(Split))
            throw new ConfigurationException($"{(int)Split} is no split of synthetic scenes; choose train, validation or test");
    }

    private static void CheckSide(int side, string name)
    {
        if (side is < MinSide or > MaxSide)
            throw new ConfigurationException($"synthetic scenes of {name} {side} cannot be made; choose {MinSide} to {MaxSide} pixels");
    }
}
