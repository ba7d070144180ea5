namespace SpGpu.Synth.Geometry;

/// <summary>Triangles and the surfaces that they are part of.</summary>
internal sealed class Mesh
{
    public List<Surface> Surfaces { get; } = [];

    public List<Triangle> Triangles { get; } = [];

    /// <summary>Adds a convex flat polygon whose texture runs in metres along and up from its first corner.</summary>
    public void Add(SynthClass kind, Material material, params ReadOnlySpan<Vec> corners)
    {
        Vec along = (corners[1] - corners[0]).Unit();
        Vec normal = along.Cross(corners[2] - corners[0]).Unit();
        Add(new Surface(kind, material, corners[0], along, normal.Cross(along), normal), corners);
    }

    /// <summary>Adds a convex polygon of the given surface.</summary>
    public void Add(Surface surface, params ReadOnlySpan<Vec> corners)
    {
        for (int i = 2; i < corners.Length; i++)
            Triangles.Add(new Triangle(corners[0], corners[i - 1], corners[i], Surfaces.Count));
        Surfaces.Add(surface);
    }

    /// <summary>
    /// Adds what a convex outline sweeps by <paramref name="across"/>: its two ends, and a side from every corner to
    /// the next, each of its own material.
    /// </summary>
    public void AddPrism(SynthClass kind, ReadOnlySpan<Vec> outline, Vec across, Material ends, ReadOnlySpan<Material> sides)
    {
        Span<Vec> far = stackalloc Vec[outline.Length];
        for (int i = 0; i < outline.Length; i++)
        {
            far[i] = outline[i] + across;
            Vec next = outline[(i + 1) % outline.Length];
            Add(kind, sides[i], next, next + across, far[i], outline[i]);
        }
        Add(kind, ends, outline);
        Add(kind, ends, far);
    }

    /// <summary>Adds all of another mesh.</summary>
    public void Add(Mesh other)
    {
        int first = Surfaces.Count;
        Surfaces.AddRange(other.Surfaces);
        foreach (Triangle triangle in other.Triangles)
            Triangles.Add(triangle with { Surface = first + triangle.Surface });
    }
}
