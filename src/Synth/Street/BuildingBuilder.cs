using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Builds houses along both sides, with pipes, mullions and ledges that look like poles and rails.</summary>
internal static class BuildingBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        (double near, double far) = site.Kind switch
        {
            StreetKind.Town => (0, 1.0),
            StreetKind.Suburb => (3, 9.0),
            _ => (10, 40.0),
        };
        double occupied = site.Kind switch { StreetKind.Town => 0.95, StreetKind.Suburb => 0.7, _ => 0.15 };
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            double tallest = dice.Range(5, site.Kind == StreetKind.Town ? 26 : 9);
            double length;
            for (double s = RoadLine.Start; s < RoadLine.End - 25; s += length)
            {
                length = dice.Range(7, 20);
                if (!dice.Chance(occupied) || site.IsMouth(s, 2) || site.IsMouth(s + length, 2) || site.IsMouth(s + length / 2, 2))
                    continue;
                double setBack = site.HalfRoad + site.Pavement + dice.Range(near, far);
                House(world, site, dice, s, s + length - (site.Kind == StreetKind.Town ? 0 : 2), side * setBack,
                    tallest * dice.Range(0.6, 1));
            }
        }
    }

    private static void House(World world, Site site, Dice dice, double from, double to, double right, double height)
    {
        Vec a = site.Road.At(from, right, -0.1), b = site.Road.At(to, right, -0.1), along = (b - a).Unit(), up = new(0, 1, 0);
        Vec back = up.Cross(along) * (Math.Sign(right) * dice.Range(7, 12));
        Vec colour = dice.Pick(site.Assets.Walls), trim = dice.Chance(0.5) ? site.Post.Colour : new Vec(0.7, 0.7, 0.68);
        double pitch = dice.Range(1.8, 3.6), storey = dice.Range(2.7, 3.5);
        var windows = new WindowGrid(pitch, storey, pitch * dice.Range(0.35, 0.8), storey * dice.Range(0.4, 0.65),
            new Vec(0.09, 0.12, 0.15), trim);
        Material plain = site.Textured(dice.Pick(site.Assets.WallTextures), colour, 0.3), wall = plain with { Windows = windows };
        Material roof = site.Textured(Texture.Bricks, Vec.Lerp(colour * 0.5, new Vec(0.12, 0.06, 0.05), 0.6), 0.3);
        bool gable = height < 12 && dice.Chance(0.7);
        Vec[] outline = gable
            ? [a, a + back, a + back + up * height, a + back * 0.5 + up * (height + 3), a + up * height]
            : [a, a + back, a + back + up * height, a + up * height];
        Material[] sides = gable ? [plain, wall, roof, roof, wall] : [plain, wall, roof, wall];
        world.Solids.AddPrism(SynthClass.Building, outline, b - a, wall, sides);

        Vec front = back.Unit() * -0.06;
        double span = (b - a).Length;
        if (dice.Chance(0.5))
        {
            double every = pitch * dice.Count(1, 3);
            for (double x = 0; x <= span; x += every)
                Trim(world, site, a + along * x + front, a + along * x + front + up * height, dice.Range(0.12, 0.28));
        }
        if (dice.Chance(0.4))
        {
            double y = Math.Min(storey * dice.Count(1, 2), height - 0.2);
            Trim(world, site, a + front + up * y, b + front + up * y, dice.Range(0.12, 0.3));
        }
        if (site.Kind == StreetKind.Town && from is > -4 and < 14 && dice.Chance(0.35))
            PropBuilder.OnFront(world, site, dice, a, along, front.Unit(), (span, height));
    }

    private static void Trim(World world, Site site, Vec from, Vec to, double width) =>
        world.Strips.Add(
            new Strip { Class = SynthClass.Building, Material = site.Post, Points = [from, Vec.Lerp(from, to, 0.5), to], Width = width });
}
