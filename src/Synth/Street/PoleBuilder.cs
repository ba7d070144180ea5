using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Sets up lamps, signposts and utility poles, with arms and braces, and hangs cables between them.</summary>
internal static class PoleBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        if (dice.Chance(0.55))
            Lamps(world, site, dice);
        if (dice.Chance(site.Kind == StreetKind.Country ? 0.8 : 0.5))
            Utility(world, site, dice);
        for (int i = dice.Count(0, 2); i > 0; i--)
            Mast(world, site, dice);
        for (int i = dice.Count(1, 4); i > 0; i--)
        {
            // Signposts; some were hit by a car.
            Vec foot = Roadside(site, dice.Range(6, 20), dice.Chance(0.5) ? 1 : -1, 0.35);
            Vec lean = dice.Chance(0.85)
                ? new Vec(dice.Range(-2.5, 2.5), 0, dice.Around(1.4))
                : new Vec(dice.Around(0.1), 0, dice.Around(0.1));
            Pole(world, site, dice.Range(0.13, 0.22), 1, foot, foot + new Vec(lean.X, 1, lean.Z).Unit() * dice.Range(1.8, 3.5));
        }
        for (int i = dice.Count(1, 3); i > 0; i--)
        {
            // Over the street at any slant, from front to front or, where no fronts are near, from post to post.
            double s = dice.Range(7, 18), out_ = site.HalfRoad + site.Pavement + 0.5;
            Vec from = site.Road.At(s, -out_, dice.Range(2.5, 9)), to = site.Road.At(s + dice.Around(18), out_, dice.Range(2.5, 9));
            if (site.Kind != StreetKind.Town)
            {
                Pole(world, site, 0.16, 1, new Vec(from.X, 0, from.Z), from);
                Pole(world, site, 0.16, 1, new Vec(to.X, 0, to.Z), to);
            }
            Hang(world, site, from, to, dice.Range(0.2, 1.6), dice.Range(0.1, 0.22));
        }
    }

    private static void Lamps(World world, Site site, Dice dice)
    {
        double height = dice.Range(4.5, 9), reach = dice.Range(1.2, 4), rise = dice.Range(-0.3, 2.5), width = dice.Range(0.2, 0.3),
            every = dice.Range(12, 28);
        double lean = dice.Range(0.2, 3.5);
        bool both = dice.Chance(0.4);
        for (double s = dice.Range(5, 14); s < 45; s += every)
        {
            foreach (int side in (ReadOnlySpan<int>)[-1, 1])
            {
                if ((side < 0 && !both) || site.IsMouth(s, 1))
                    continue;
                Vec foot = Roadside(site, s, side, 0.4), top = foot + new Vec(dice.Around(lean), height, dice.Around(lean));
                Vec inward = site.Road.Right(s) * (-side * reach);
                Pole(world, site, width, 0.6, foot, Vec.Lerp(foot, top, 0.5), top);
                Pole(world, site, width * 0.75, 0.8, top, top + inward * 0.5 + new Vec(0, rise * 0.8, 0),
                    top + inward + new Vec(0, rise, 0));
            }
        }
    }

    /// <summary>A slim mast with taut stays all round.</summary>
    private static void Mast(World world, Site site, Dice dice)
    {
        Vec foot = Roadside(site, dice.Range(5, 16), dice.Chance(0.5) ? 1 : -1, dice.Range(0.5, 2));
        Vec top = foot + new Vec(dice.Around(2), dice.Range(3.5, 7), dice.Around(2));
        Pole(world, site, dice.Range(0.14, 0.2), 0.8, foot, top);
        double turn = dice.Range(0, 2 * Math.PI), reach = dice.Range(1.5, 5), width = dice.Range(0.08, 0.14);
        for (int stay = 0; stay < 3; stay++, turn += dice.Range(1.5, 2.5))
            Hang(world, site, Vec.Lerp(foot, top, dice.Range(0.7, 1)),
                foot + new Vec(Portable.Cos(turn), 0, Portable.Sin(turn)) * reach, 0, width);
    }

    private static void Utility(World world, Site site, Dice dice)
    {
        int side = dice.Chance(0.5) ? 1 : -1, wires = dice.Count(1, 3);
        double every = dice.Range(16, 30), height = dice.Range(5, 8), out_ = site.Kind == StreetKind.Country ? dice.Range(1.2, 4) : 0.5;
        double sag = dice.Range(0.3, 1.4), thick = dice.Range(0.1, 0.18), half = dice.Range(0.9, 1.6);
        (Vec Foot, Vec Top, Vec Arm)? last = null;
        for (double s = dice.Range(-10, 8); s < 55; s += every)
        {
            if (site.IsMouth(s, 1))
                continue;
            Vec foot = Roadside(site, s, side, out_), top = foot + new Vec(dice.Around(2.5), height, dice.Around(2)),
                arm = site.Road.Right(s) * half;
            Pole(world, site, dice.Range(0.2, 0.3), 0.7, foot, Vec.Lerp(foot, top, 0.5), top);
            Pole(world, site, 0.17, 1, Vec.Lerp(foot, top, 0.95) - arm, Vec.Lerp(foot, top, 0.95) + arm);
            if (dice.Chance(0.3))
                Pole(world, site, 0.18, 1, foot + site.Road.Along(s) * dice.Around(5) + site.Road.Right(s) * (side * dice.Range(0.5, 2.5)),
                    Vec.Lerp(foot, top, 0.8));
            if (dice.Chance(0.5))
                Hang(world, site, Vec.Lerp(foot, top, 0.9),
                    foot + site.Road.Along(s) * dice.Around(7) + site.Road.Right(s) * (side * dice.Range(1, 4)), 0, thick * 0.8);
            if (dice.Chance(0.4) && site.Kind == StreetKind.Town)
                Hang(world, site, top, site.Road.At(s + dice.Around(10), -side * (site.HalfRoad + site.Pavement), dice.Range(4, 8)),
                    sag, thick);
            for (int wire = 0; wire < wires && last is { } from; wire++)
            {
                double place = wires == 1 ? 0 : 2.0 * wire / (wires - 1) - 1;
                Hang(world, site, Vec.Lerp(from.Foot, from.Top, 0.96) + from.Arm * place, Vec.Lerp(foot, top, 0.96) + arm * place,
                    sag * dice.Range(0.8, 1.2), thick);
            }
            last = (foot, top, arm);
        }
    }

    /// <summary>A cable; <paramref name="sag"/> metres deep in its middle (a parabola, which a flat catenary is nearly).</summary>
    private static void Hang(World world, Site site, Vec from, Vec to, double sag, double width)
    {
        Vec[] points =
            [.. Enumerable.Range(0, 17).Select(i => i / 16.0).Select(t => Vec.Lerp(from, to, t) - new Vec(0, 4 * sag * t * (1 - t), 0))];
        world.Strips.Add(new Strip { Class = SynthClass.Cable, Material = site.Wire, Points = points, Width = width });
    }

    private static void Pole(World world, Site site, double width, double taper, params Vec[] points) =>
        world.Strips.Add(new Strip { Class = SynthClass.Pole, Material = site.Post, Points = points, Width = width, Taper = taper });

    private static Vec Roadside(Site site, double s, int side, double out_) => site.Road.At(s, side * (site.HalfRoad + out_), site.Height);
}
