using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Plants trees and bushes: trunk, branches and twigs are tubes, crowns are clouds of leaves.</summary>
internal static class TreeBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        double density = site.Kind switch { StreetKind.Town => 0.25, StreetKind.Suburb => 0.6, _ => 0.5 };
        bool bare = dice.Chance(0.2);
        (double Width, double Narrowing) shape = dice.Pick(site.Assets.Crowns);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            for (double s = 4; s < 120; s += dice.Range(5, 12))
            {
                if (!dice.Chance(density) || site.IsMouth(s, 3))
                    continue;
                double right = site.Kind == StreetKind.Country
                    ? site.HalfRoad + dice.Range(2, 22)
                    : site.HalfRoad + Math.Max(0.6, site.Pavement - dice.Range(-0.5, 0.8));
                Tree(world, site, dice, site.Road.At(s, side * right), dice.Range(4, 10), shape, bare);
            }
            for (double s = 5; s < 100 && site.Kind != StreetKind.Town; s += dice.Range(4, 14))
            {
                if (!site.IsMouth(s, 3))
                    Leaves(world, site, dice, site.Road.At(s, side * (site.HalfRoad + site.Pavement + dice.Range(1.5, 6)), 0.6),
                        new Vec(1.3, 0.8, 1.3), 0.1, 90);
            }
        }
    }

    private static void Tree(World world, Site site, Dice dice, Vec foot, double height, (double Width, double Narrowing) shape, bool bare)
    {
        double girth = height * dice.Range(0.018, 0.045);
        Vec top = foot + new Vec(dice.Around(0.1), 1, dice.Around(0.1)) * height;
        Vec waist = Vec.Lerp(foot, top, 0.5) + Bend(dice, 0.25);
        Limb(world, site.Bark, foot, waist, top, girth, 0.35);
        int branches = bare ? dice.Count(9, 14) : dice.Count(3, 6);
        for (int i = 0; i < branches; i++)
        {
            Vec from = On(foot, waist, top, dice.Range(0.35, 0.9));
            Vec tip = from + new Vec(dice.Around(1), dice.Range(0.1, 0.9), dice.Around(1)).Unit() * (height * dice.Range(0.25, 0.45));
            Vec elbow = Vec.Lerp(from, tip, 0.5) + Bend(dice, 0.3);
            Limb(world, site.Bark, from, elbow, tip, girth * 0.4, 0.4);
            for (int twig = bare ? 2 : 1; twig > 0; twig--)
            {
                Vec start = On(from, elbow, tip, dice.Range(0.4, 1)),
                    end = start + new Vec(dice.Around(1), dice.Around(0.7), dice.Around(1)).Unit() * dice.Range(0.8, 2.2);
                Limb(world, site.Wire, start, Vec.Lerp(start, end, 0.5) + Bend(dice, 0.2), end, dice.Range(0.08, 0.16), 0.7);
            }
        }
        if (!bare)
        {
            double half = height * 0.34;
            Leaves(world, site, dice, foot + new Vec(0, height * 0.75, 0), new Vec(half * shape.Width, half, half * shape.Width),
                shape.Narrowing, 520);
        }
    }

    private static Vec On(Vec from, Vec middle, Vec to, double share) =>
        share < 0.5 ? Vec.Lerp(from, middle, share * 2) : Vec.Lerp(middle, to, share * 2 - 1);

    private static Vec Bend(Dice dice, double reach) => new(dice.Around(reach), dice.Around(reach), dice.Around(reach));

    private static void Limb(World world, Material material, Vec from, Vec middle, Vec to, double width, double taper) =>
        world.Strips.Add(
            new Strip { Class = SynthClass.Vegetation, Material = material, Points = [from, middle, to], Width = width, Taper = taper });

    private static void Leaves(World world, Site site, Dice dice, Vec centre, Vec reach, double narrowing, int count)
    {
        double size = 0.3 + 0.16 * reach.Y;
        for (int i = 0; i < count; i++)
        {
            Vec place = new Vec(dice.Around(1), dice.Around(1), dice.Around(1)).Unit() * dice.Range(0.35, 1);
            double slim = 1 - narrowing * (place.Y + 1);
            Vec leaf = centre + new Vec(place.X * reach.X * slim, place.Y * reach.Y, place.Z * reach.Z * slim);
            Vec a = new Vec(dice.Around(1), dice.Around(1), dice.Around(1)) * size,
                b = new Vec(dice.Around(1), dice.Around(1), dice.Around(1)) * size;
            // Leaves face outward as light sees them: that rounds the crown. Those inside are darker.
            Material tone = Material.Plain(site.Leaves * (dice.Range(0.5, 1) * (0.55 + 0.5 * place.Length)));
            var surface = new Surface(SynthClass.Vegetation, tone, leaf, a.Unit(), b.Unit(), (place + new Vec(0, 0.3, 0)).Unit());
            world.Solids.Add(surface, leaf + a, leaf + b, leaf - a - b);
        }
    }
}
