namespace SpGpu.Synth.Geometry;

/// <summary>Something long: a tube about a line of points, or a flat band along it.</summary>
internal sealed record Strip
{
    public required SynthClass Class { get; init; }

    public required Material Material { get; init; }

    public required IReadOnlyList<Vec> Points { get; init; }

    /// <summary>Metres across at the first point.</summary>
    public required double Width { get; init; }

    /// <summary>Metres across at the last point, as a share of the first: trunks and masts taper.</summary>
    public double Taper { get; init; } = 1;

    /// <summary>
    /// The directions across a flat band, one for each point, or null for a tube: unit vectors square to the line, but
    /// for what a cut adds along it.
    /// </summary>
    public IReadOnlyList<Vec>? Across { get; init; }

    /// <summary>Whether it throws a shadow; paint does not.</summary>
    public bool Casts { get; init; } = true;

    /// <summary>Whether it can be cut to pieces; limbs cannot.</summary>
    public bool CanCut { get; init; } = true;

    /// <summary>Whether it is one of the thin things that are recorded.</summary>
    public bool IsThinObject =>
        Class is SynthClass.Pole or SynthClass.LaneLine or SynthClass.GuardRail or SynthClass.Cable or SynthClass.Kerb;

    public double WidthAt(double share) => Width * (1 + (Taper - 1) * share);
}
