using SpGpu.Synth.Geometry;

namespace SpGpu.Synth.Street;

/// <summary>Lays the ground: carriageway, pavements, kerbs, the side street and what lies beyond.</summary>
internal static class GroundBuilder
{
    // Where pavements end and fields, or the yards behind houses, begin.
    private const double Far = 1500;

    // Of the kerb; pavements begin behind it.
    private const double FaceWidth = 0.05, TopWidth = 0.4;

    // Bands and kerbs bend at the same places, or there would be gaps between them.
    private const double Step = 2;

    public static void Build(World world, Site site)
    {
        Material beyond = site.Kind == StreetKind.Town ? site.Slabs : site.Grass;
        SynthClass beyondClass = site.Kind == StreetKind.Town ? SynthClass.Pavement : SynthClass.Vegetation;
        world.Ground.Add(beyondClass, beyond, new Vec(-Far, -0.05, -Far), new Vec(-Far, -0.05, Far), new Vec(Far, -0.05, Far),
            new Vec(Far, -0.05, -Far));
        // Road and pavement go on below the kerb, so that nothing else shows where it is cut.
        double edge = site.HalfRoad + (site.Pavement > 0 ? 1 : 0);
        Band(world.Ground, site, SynthClass.Road, site.Asphalt, (RoadLine.Start, RoadLine.End), (-edge, edge), 0);
        if (site.Pavement > 0)
        {
            foreach ((double From, double To) stretch in site.Stretches(0))
            {
                foreach (int side in (ReadOnlySpan<int>)[-1, 1])
                {
                    double inner = side * (site.HalfRoad + FaceWidth), outer = side * (site.HalfRoad + site.Pavement);
                    Band(world.Ground, site, SynthClass.Pavement, site.Slabs, stretch, (inner, outer), site.Height);
                    double[] along = [.. Steps(stretch.From, stretch.To)];
                    Kerb(world, site, [.. along.Select(s => site.Road.At(s, side * site.HalfRoad))],
                        [.. along.Select(s => site.Road.Right(s) * side)]);
                }
            }
        }
        if (site.SideStreet is { } mouth)
            SideStreet(world, site, mouth);
    }

    /// <summary>A band along the road, in short flat pieces whose texture goes on from one to the next.</summary>
    public static void Band(
        Mesh mesh, Site site, SynthClass kind, Material material, (double From, double To) along, (double A, double B) right, double up)
    {
        RoadLine road = site.Road;
        for (double s = along.From; s < along.To; s += Step)
        {
            double end = Math.Min(s + Step, along.To);
            Vec direction = road.Along((s + end) / 2), across = road.Right((s + end) / 2);
            var surface = new Surface(kind, material, road.At(s, 0) - direction * s, across, direction, new Vec(0, 1, 0));
            mesh.Add(surface, road.At(s, right.A, up), road.At(s, right.B, up), road.At(end, right.B, up), road.At(end, right.A, up));
        }
    }

    /// <summary>A stone edge: its face, which leans back from the carriageway, and its top, each a thin thing.</summary>
    public static void Kerb(World world, Site site, Vec[] foot, Vec[] back)
    {
        Vec up = new(0, site.Height, 0), lift = new(0, 0.004, 0);
        Add([.. back.Select(b => b * FaceWidth + up)], 0);
        Add([.. back.Select(b => b * (TopWidth - FaceWidth))], 1);

        void Add(Vec[] across, double level) => world.Strips.Add(new Strip
        {
            Class = SynthClass.Kerb,
            Material = site.Stone,
            Points = [.. foot.Select((f, i) => f + across[i] * 0.5 + (back[i] * FaceWidth + up) * level + lift)],
            Across = [.. across.Select(a => a.Unit())],
            Width = across[0].Length,
            Casts = false,
        });
    }

    private static IEnumerable<double> Steps(double from, double to)
    {
        for (double s = from; s < to; s += Step)
            yield return s;
        yield return to;
    }

    private static void SideStreet(World world, Site site, double mouth)
    {
        Vec along = site.Road.Along(mouth), right = site.Road.Right(mouth);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            Vec At(double out_, double sideways, double up) => site.Road.At(mouth, 0, up) + right * (side * out_) + along * sideways;
            double near = site.HalfRoad - 0.5, far = site.HalfRoad + 60, half = site.SideHalf;
            world.Ground.Add(SynthClass.Road, site.Asphalt, At(near, -half, -0.002), At(far, -half, -0.002), At(far, half, -0.002),
                At(near, half, -0.002));
            foreach (int edge in (ReadOnlySpan<int>)[-1, 1])
            {
                double up = site.Height, inner = edge * (half + FaceWidth), outer = edge * (half + 1.6);
                double corner = site.HalfRoad + site.Pavement - 0.3;
                world.Ground.Add(SynthClass.Pavement, site.Slabs, At(corner, inner, up - 0.002), At(far, inner, up - 0.002),
                    At(far, outer, up - 0.002), At(corner, outer, up - 0.002));
                double[] steps = [.. Steps(site.HalfRoad + 0.1, far)];
                Kerb(world, site, [.. steps.Select(x => At(x, edge * half, 0))], [.. steps.Select(_ => along * edge)]);
            }
        }
    }
}
