using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Puts guard rails along the road (nearly always in the country, often in town) and up ramps beside it.</summary>
internal static class RailBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        Material metal = site.Textured(Texture.Streaks, Vec.Lerp(site.Post.Colour, new Vec(0.45, 0.47, 0.5), dice.Range(0, 1)), 0.3);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            if (dice.Chance(site.Kind == StreetKind.Country ? 0.8 : 0.35))
                Along(world, site, metal, side, dice);
            if (dice.Chance(0.4))
                Ramp(world, site, metal, side, dice);
        }
    }

    private static void Along(World world, Site site, Material metal, int side, Dice dice)
    {
        double from = dice.Range(-8, 12), to = dice.Range(20, 50), right = side * (site.HalfRoad + 0.6), height = dice.Range(0.65, 0.9);
        int rails = dice.Count(1, 2);
        // A side street breaks the rail.
        foreach ((double start, double end) in site.Stretches(2).Select(s => (Math.Max(s.From, from), Math.Min(s.To, to)))
            .Where(s => s.Item2 - s.Item1 > 6))
        {
            int steps = (int)Math.Ceiling((end - start) / 1.5);
            // The ends go down into the ground.
            Fence(world, site, metal, rails, [.. Enumerable.Range(0, steps + 1).Select(i => (double)i / steps).Select(t =>
                site.Road.At(start + (end - start) * t, right,
                    site.Height + height * Math.Min(1, (end - start) / 3 * Math.Min(t, 1 - t) + 0.1)))],
                side, height);
        }
    }

    /// <summary>A ramp at the outer edge of the pavement, with a rail on the side of the road.</summary>
    private static void Ramp(World world, Site site, Material metal, int side, Dice dice)
    {
        double start = dice.Range(4, 16), length = dice.Range(3, 8), rise = length * dice.Range(0.3, 1), height = dice.Range(0.8, 1);
        double inner = side * (site.HalfRoad + Math.Max(1.2, site.Pavement - 1.3));
        if (site.IsMouth(start, 5) || site.IsMouth(start + length, 5))
            return;
        Vec low = site.Road.At(start, inner, site.Height), high = site.Road.At(start + length, inner, site.Height);
        if (dice.Chance(0.5))
            (low, high) = (high, low);
        Vec top = high + new Vec(0, rise, 0), across = site.Road.Right(start + length / 2) * (side * 1.3);
        world.Solids.AddPrism(SynthClass.Building, [low, high, top], across, site.Stone, [site.Stone, site.Stone, site.Slabs]);
        Vec up = new(0, height, 0);
        Fence(world, site, metal, dice.Count(1, 2), [low + up, Vec.Lerp(low, top, 0.5) + up, top + up], side, height);
    }

    /// <summary>Rails along a line, and posts <paramref name="height"/> metres high below it.</summary>
    private static void Fence(World world, Site site, Material metal, int rails, Vec[] line, int side, double height)
    {
        double width = rails == 1 ? 0.3 : 0.18;
        for (int rail = 0; rail < rails; rail++)
        {
            world.Strips.Add(new Strip
            {
                Class = SynthClass.GuardRail,
                Material = metal,
                Points = [.. line.Select(p => p - new Vec(0, 0.42 * rail, 0))],
                Across = [.. line.Select(_ => new Vec(0, 1, 0))],
                Width = width,
            });
        }
        for (int i = 0; i < line.Length; i += 2)
        {
            Vec top = line[i] + site.Road.Right(0) * (side * 0.08);
            world.Strips.Add(
                new Strip { Class = SynthClass.GuardRail, Material = metal, Points = [top - new Vec(0, height, 0), top], Width = 0.18 });
        }
    }
}
