using SpGpu.Synth.Assets;
using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Parks vehicles along the kerb and drives some in the lanes.</summary>
internal static class VehicleBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        double parked = site.HalfRoad > 3.8 && site.Kind != StreetKind.Country ? dice.Range(0.2, 0.9) : 0;
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            for (double s = 7; s < 70; s += dice.Range(6.5, 12))
            {
                if (dice.Chance(parked) && !site.IsMouth(s + 2.5, 4))
                    Vehicle(world, site, dice, dice.Pick(site.Assets.Vehicles), s, side * (site.HalfRoad - 1.2), side > 0);
            }
            for (double s = dice.Range(9, 35); s < 130; s += dice.Range(14, 70))
            {
                // The middle of the lane, clear of what is parked.
                double right = side * Math.Max(1.5, site.HalfRoad * 0.5 - (parked > 0 ? 0.8 : 0));
                Vehicle(world, site, dice, dice.Pick(site.Assets.Vehicles), s, right, side > 0);
            }
        }
    }

    private static void Vehicle(World world, Site site, Dice dice, VehicleShape shape, double s, double right, bool away)
    {
        // Not in front of the lens.
        if (s - shape.Length / 2 < 4.5 || !world.TryTake(s, right, shape.Length + 0.6, shape.Width + 0.2))
            return;
        double turn = dice.Around(0.06);
        Vec along = (site.Road.Along(s) + site.Road.Right(s) * turn).Unit() * (away ? 1 : -1), up = new(0, 1, 0), across = up.Cross(along);
        Vec origin = site.Road.At(s, right) - across * (shape.Width / 2) - along * (shape.Length / 2);
        Vec At(double share, double height, double inward = 0) => origin + along * (share * shape.Length) + up * height + across * inward;

        Material body = Material.Plain(dice.Pick(site.Assets.Lacquers) * dice.Range(0.8, 1.1)),
            glass = Material.Plain(new Vec(0.03, 0.04, 0.05));
        Material dark = Material.Plain(new Vec(0.012, 0.012, 0.013)), white = Material.Plain(new Vec(0.85, 0.82, 0.7)),
            red = Material.Plain(new Vec(0.5, 0.02, 0.02));
        Vec width = across * shape.Width;
        world.Solids.AddPrism(SynthClass.Vehicle,
            [At(0.01, 0.3), At(0.99, 0.3), At(1, 0.55), At(0.985, shape.Belt * 0.85), At(shape.Front, shape.Belt), At(0.01, shape.Belt)],
            width, body, [dark, body, body, body, body, body]);

        double inset = shape.Width * 0.07, rear = shape.Rear + shape.Lean * 0.5, front = shape.Front - shape.Lean;
        Vec cabinWidth = across * (shape.Width - 2 * inset);
        world.Solids.AddPrism(SynthClass.Vehicle, [At(shape.Rear, shape.Belt, inset), At(shape.Front, shape.Belt, inset),
            At(front, shape.Roof, inset), At(rear, shape.Roof, inset)],
            cabinWidth, body, [body, glass, body, shape.Lean > 0.05 ? glass : body]);

        double low = shape.Belt + 0.05, high = shape.Roof - 0.1, wheel = 0.32 + 0.03 * shape.Roof;
        foreach (double face in (ReadOnlySpan<double>)[inset - 0.01, shape.Width - inset + 0.01])
        {
            // Panes with pillars between, seen from the side.
            for (double pane = 0; pane < 3; pane++)
            {
                double Between(double a, double b, double t) => a + (b - a) * t;
                double t0 = (pane + 0.12) / 3, t1 = (pane + 0.9) / 3;
                world.Solids.Add(SynthClass.Vehicle, glass, At(Between(shape.Rear, shape.Front, t0), low, face),
                    At(Between(shape.Rear, shape.Front, t1), low, face),
                    At(Between(rear, front, t1), high, face), At(Between(rear, front, t0), high, face));
            }
        }
        foreach (double axle in (ReadOnlySpan<double>)[0.19, 0.81])
        {
            foreach (double face in (ReadOnlySpan<double>)[-0.02, shape.Width + 0.02])
                world.Solids.Add(SynthClass.Vehicle, dark, Wheel(At(axle, wheel, face), along, wheel));
        }
        foreach (double place in (ReadOnlySpan<double>)[0.06, 0.76])
        {
            Vec a = At(1.004, 0.6) + width * place, b = At(-0.004, 0.6) + width * place, side = width * 0.18, tall = up * 0.15;
            world.Solids.Add(SynthClass.Vehicle, white, a, a + side, a + side + tall, a + tall);
            world.Solids.Add(SynthClass.Vehicle, red, b, b + side, b + side + tall, b + tall);
        }
    }

    private static Vec[] Wheel(Vec hub, Vec along, double radius) =>
        [.. Enumerable.Range(0, 10)
            .Select(i => hub + along * (radius * Portable.Cos(i * Math.PI / 5)) + new Vec(0, radius * Portable.Sin(i * Math.PI / 5), 0))];
}
