namespace SpGpu.Data.Synth;

/// <summary>Lays the ground: carriageway, pavements, kerbs, the side street and what lies beyond.</summary>
internal static class GroundBuilder
{
    // Where pavements end and fields, or the yards behind houses, begin.
    private const double Far = 1500;

    public static void Build(World world, Site site)
    {
        Material beyond = site.Kind == StreetKind.Town ? site.Slabs : site.Grass;
        SynthClass beyondClass = site.Kind == StreetKind.Town ? SynthClass.Pavement : SynthClass.Vegetation;
        world.Ground.Add(beyondClass, beyond, new Vec(-Far, -0.05, -Far), new Vec(-Far, -0.05, Far), new Vec(Far, -0.05, Far), new Vec(Far, -0.05, -Far));
        Band(world.Ground, site, SynthClass.Road, site.Asphalt, (RoadLine.Start, RoadLine.End), (-site.HalfRoad, site.HalfRoad), 0);
        if (site.Pavement > 0)
        {
            foreach ((double From, double To) stretch in site.Stretches(0))
            {
                foreach (int side in (ReadOnlySpan<int>)[-1, 1])
                {
                    double inner = side * (site.HalfRoad + 0.12), outer = side * (site.HalfRoad + site.Pavement);
                    Band(world.Ground, site, SynthClass.Pavement, site.Slabs, stretch, (inner, outer), site.Height);
                    world.Strips.Add(Kerb(site, stretch, side));
                }
            }
        }
        if (site.SideStreet is { } mouth)
            SideStreet(world, site, mouth);
    }

    /// <summary>A band along the road, in short flat pieces whose texture goes on from one to the next.</summary>
    public static void Band(Mesh mesh, Site site, SynthClass kind, Material material, (double From, double To) along, (double A, double B) right, double up)
    {
        RoadLine road = site.Road;
        for (double s = along.From; s < along.To; s += 2)
        {
            double end = Math.Min(s + 2, along.To);
            Vec direction = road.Along((s + end) / 2), across = road.Right((s + end) / 2);
            var surface = new Surface(kind, material, road.At(s, 0) - direction * s, across, direction, new Vec(0, 1, 0));
            mesh.Add(surface, road.At(s, right.A, up), road.At(s, right.B, up), road.At(end, right.B, up), road.At(end, right.A, up));
        }
    }

    /// <summary>The stone edge, which leans back from the carriageway up to the pavement.</summary>
    private static Strip Kerb(Site site, (double From, double To) along, int side)
    {
        var points = new List<Vec>();
        var across = new List<Vec>();
        for (double s = along.From; s < along.To + 1.5; s += 1.5)
        {
            double at = Math.Min(s, along.To);
            points.Add(site.Road.At(at, side * (site.HalfRoad + 0.06), site.Height / 2 + 0.01));
            across.Add((site.Road.Right(at) * (side * 0.14) + new Vec(0, site.Height, 0)).Unit());
        }
        return new Strip { Class = SynthClass.Kerb, Material = site.Stone, Points = points, Across = across, Width = 0.21, Casts = false };
    }

    private static void SideStreet(World world, Site site, double mouth)
    {
        Vec along = site.Road.Along(mouth), right = site.Road.Right(mouth);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            Vec At(double out_, double sideways, double up) => site.Road.At(mouth, 0, up) + right * (side * out_) + along * sideways;
            double near = site.HalfRoad - 0.5, far = site.HalfRoad + 60, half = site.SideHalf;
            world.Ground.Add(SynthClass.Road, site.Asphalt, At(near, -half, -0.002), At(far, -half, -0.002), At(far, half, -0.002), At(near, half, -0.002));
            foreach (int edge in (ReadOnlySpan<int>)[-1, 1])
            {
                double up = site.Height, kerb = edge * (half + 0.06), inner = edge * (half + 0.12), outer = edge * (half + 1.6);
                double corner = site.HalfRoad + site.Pavement - 0.3;
                world.Ground.Add(SynthClass.Pavement, site.Slabs, At(corner, inner, up - 0.002), At(far, inner, up - 0.002), At(far, outer, up - 0.002), At(corner, outer, up - 0.002));
                Vec lean = (along * (edge * 0.14) + new Vec(0, up, 0)).Unit();
                Vec[] points = [.. Enumerable.Range(0, 31).Select(i => At(site.HalfRoad + 0.1 + 2 * i, kerb, up / 2 + 0.01))];
                world.Strips.Add(new Strip
                {
                    Class = SynthClass.Kerb,
                    Material = site.Stone,
                    Points = points,
                    Across = [.. points.Select(_ => lean)],
                    Width = 0.21,
                    Casts = false,
                });
            }
        }
    }
}
