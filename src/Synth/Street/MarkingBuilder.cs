using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Paints lines on the road, and lays beside them what looks like lines and is none: cracks, blots, patches.</summary>
internal static class MarkingBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        if (dice.Chance(0.9))
            Lines(world, site, dice);
        for (int i = dice.Count(3, 10); i > 0; i--)
            Crack(world, site, dice);
        for (int i = dice.Count(4, 16); i > 0; i--)
            Blot(world, site, dice);
        if (dice.Chance(0.7))
            Patch(world, site, dice);
    }

    private static void Lines(World world, Site site, Dice dice)
    {
        double width = dice.Range(0.22, 0.4), edge = site.HalfRoad - dice.Range(0.25, 0.5);
        int lanes = site.HalfRoad > 4.8 && dice.Chance(0.6) ? 4 : 2;
        foreach ((double from, double to) in site.Stretches(1))
        {
            for (int lane = 0; lane <= lanes; lane++)
            {
                double right = edge * (2.0 * lane / lanes - 1);
                bool whole = lane == 0 || lane == lanes || (2 * lane == lanes && dice.Chance(0.4));
                if (whole && 2 * lane != lanes && dice.Chance(0.3))
                    continue;
                double dash = whole ? to - from : dice.Range(2.5, 5), gap = whole ? 0 : dash * dice.Range(0.8, 2);
                for (double s = from; s < to - 0.5; s += dash + gap)
                    world.Strips.Add(Line(site, s, Math.Min(s + dash, to), right, width));
            }
        }
        if (site.SideStreet is { } mouth)
        {
            // Stop lines lie across.
            double at = mouth - site.SideHalf - 2;
            world.Strips.Add(
                Flat(SynthClass.LaneLine, site.Paint, [site.Road.At(at, 0.1, 0.004), site.Road.At(at, edge - 0.2, 0.004)], 0.45));
        }
        for (int i = dice.Count(0, 2); i > 0; i--)
        {
            // Slanting strokes: the hatching of islands and arrows.
            double s = dice.Range(3, 14), right = dice.Around(edge * 0.8), lean = dice.Range(-3.5, 3.5);
            for (int stroke = 0; stroke < 4; stroke++, s += 1.5)
                world.Strips.Add(
                    Flat(SynthClass.LaneLine, site.Paint,
                        [site.Road.At(s, right - 0.7, 0.005), site.Road.At(s + lean, right + 0.7, 0.005)], 0.4));
        }
    }

    private static Strip Line(Site site, double from, double to, double right, double width)
    {
        int steps = Math.Max(1, (int)Math.Ceiling((to - from) / 1.5));
        return Flat(SynthClass.LaneLine, site.Paint,
            [.. Enumerable.Range(0, steps + 1).Select(i => site.Road.At(from + (to - from) * i / steps, right, 0.004))], width);
    }

    /// <summary>A wandering seam, in half of the scenes filled with what lines are painted with.</summary>
    private static void Crack(World world, Site site, Dice dice)
    {
        Material filling = dice.Chance(0.5) ? site.Paint : Material.Plain(site.Asphalt.Colour * 0.3);
        double s = dice.Range(1, 40), right = dice.Range(-site.HalfRoad, site.HalfRoad), heading = dice.Range(0, 2 * Math.PI);
        var points = new List<Vec>();
        for (int i = dice.Count(4, 16); i >= 0 && Math.Abs(right) < site.HalfRoad - 0.1; i--)
        {
            points.Add(site.Road.At(s, right, 0.003));
            heading += dice.Around(1);
            s += 0.4 * Portable.Cos(heading);
            right += 0.4 * Portable.Sin(heading);
        }
        if (points.Count > 1)
            world.Strips.Add(Flat(SynthClass.Road, filling, [.. points], dice.Range(0.05, 0.26)));
    }

    private static void Blot(World world, Site site, Dice dice)
    {
        double s = dice.Range(2, 35), right = dice.Range(-site.HalfRoad + 0.3, site.HalfRoad - 0.3), size = dice.Range(0.12, 0.4);
        Vec a = site.Road.At(s, right, 0.003), b = site.Road.At(s + dice.Around(size), right + size, 0.003),
            c = b + site.Road.Along(s) * size;
        world.Ground.Add(SynthClass.Road, site.Paint, a, b, c, a + (c - b));
    }

    private static void Patch(World world, Site site, Dice dice)
    {
        double s = dice.Range(5, 40), right = dice.Around(site.HalfRoad - 1.5), half = dice.Range(0.4, 1.4);
        Material tar = site.Textured(Texture.Grainy, site.Asphalt.Colour * dice.Range(0.5, 1.5), 0.05);
        GroundBuilder.Band(world.Ground, site, SynthClass.Road, tar, (s, s + dice.Range(1, 12)), (right - half, right + half), 0.002);
    }

    private static Strip Flat(SynthClass kind, Material material, ReadOnlySpan<Vec> points, double width)
    {
        var across = new Vec[points.Length];
        for (int i = 0; i < across.Length; i++)
            across[i] = new Vec(0, 1, 0).Cross(points[Math.Min(i + 1, across.Length - 1)] - points[Math.Max(i - 1, 0)]).Unit();
        return new Strip { Class = kind, Material = material, Points = [.. points], Across = across, Width = width, Casts = false };
    }
}
