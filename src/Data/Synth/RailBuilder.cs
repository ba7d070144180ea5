namespace SpGpu.Data.Synth;

/// <summary>Puts guard rails along the road: always in the country, now and then in town.</summary>
internal static class RailBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        Material metal = site.Textured(Texture.Streaks, Vec.Lerp(site.Post.Colour, new Vec(0.45, 0.47, 0.5), dice.Range(0, 1)), 0.3);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            if (!dice.Chance(site.Kind == StreetKind.Country ? 0.75 : 0.2))
                continue;
            double from = dice.Range(-8, 15), to = dice.Range(50, 140), right = side * (site.HalfRoad + 0.5);
            int rails = dice.Count(1, 2);
            double height = dice.Range(0.6, 0.85), width = rails == 1 ? dice.Range(0.22, 0.34) : 0.12;
            // A side street breaks the rail.
            foreach ((double start, double end) in site.Stretches(2).Select(s => (Math.Max(s.From, from), Math.Min(s.To, to))).Where(s => s.Item2 - s.Item1 > 4))
            {
                for (int rail = 0; rail < rails; rail++)
                    world.Strips.Add(Band(site, metal, start, end, right, height - 0.3 * rail, width));
                for (double s = start; s < end; s += 2.5)
                {
                    Vec foot = site.Road.At(s, right + side * 0.08, site.Height);
                    world.Strips.Add(new Strip { Class = SynthClass.GuardRail, Material = metal, Points = [foot, foot + new Vec(0, height, 0)], Width = 0.1 });
                }
            }
        }
    }

    private static Strip Band(Site site, Material metal, double from, double to, double right, double height, double width)
    {
        int steps = (int)Math.Ceiling((to - from) / 1.5);
        Vec[] points = [.. Enumerable.Range(0, steps + 1).Select(i => site.Road.At(from + (to - from) * i / steps, right, site.Height + height))];
        return new Strip
        {
            Class = SynthClass.GuardRail,
            Material = metal,
            Points = points,
            Across = [.. points.Select(_ => new Vec(0, 1, 0))],
            Width = width,
        };
    }
}
