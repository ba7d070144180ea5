using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Lays traffic islands, whose round kerbs run in every direction.</summary>
internal static class IslandBuilder
{
    private const int Corners = 28;

    public static void Build(World world, Site site, Dice dice)
    {
        if (site.Pavement == 0)
            return;
        for (int i = dice.Count(0, 2); i > 0; i--)
        {
            double s = dice.Range(5, 20), right = dice.Around(site.HalfRoad * 0.8), length = dice.Range(1.5, 4.5),
                breadth = dice.Range(0.8, 1.4);
            double turn = dice.Around(0.8);
            if (!site.IsMouth(s, length)
                && world.TryTake(s, right, 2 * length + 1, 2 * length * Math.Abs(Portable.Sin(turn)) + 2 * breadth))
                Island(world, site, s, right, turn, length, breadth);
        }
    }

    /// <summary>An ellipse of the given half axes.</summary>
    private static void Island(World world, Site site, double s, double right, double turn, double length, double breadth)
    {
        Vec centre = site.Road.At(s, right), east = site.Road.Right(s), north = site.Road.Along(s);
        Vec along = north * Portable.Cos(turn) + east * Portable.Sin(turn), across = east * Portable.Cos(turn) - north * Portable.Sin(turn);
        var foot = new Vec[Corners + 1];
        var back = new Vec[Corners + 1];
        for (int i = 0; i <= Corners; i++)
        {
            double sin = Portable.Sin(2 * Math.PI * i / Corners), cos = Portable.Cos(2 * Math.PI * i / Corners);
            foot[i] = centre + along * (length * cos) + across * (breadth * sin);
            back[i] = (along * (cos / length) + across * (sin / breadth)).Unit() * -1;
        }
        GroundBuilder.Kerb(world, site, foot, back);
        Vec up = new(0, site.Height, 0);
        var surface = new Surface(SynthClass.Pavement, site.Slabs, centre, east, north, new Vec(0, 1, 0));
        world.Ground.Add(surface, [.. foot[..Corners].Select((f, i) => f + back[i] * 0.05 + up)]);
    }
}
