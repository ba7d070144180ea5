using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Puts people on the pavements and some across the road; limbs are tubes that no experiment cuts.</summary>
internal static class PeopleBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        int count = site.Kind == StreetKind.Country ? dice.Count(0, 4) : dice.Count(4, 14);
        for (int i = 0; i < count; i++)
        {
            double s = dice.Range(3.5, dice.Chance(0.75) ? 10 : 30);
            int side = dice.Chance(0.5) ? 1 : -1;
            bool crossing = s > 9 && dice.Chance(0.2);
            double right = crossing
                ? dice.Range(-1, 1) * site.HalfRoad
                : side * (site.HalfRoad + 0.3 + dice.Range(0, Math.Max(site.Pavement - 0.7, 0.6)));
            if (world.TryTake(s, right, 0.6, 0.6))
                Person(world, site, dice, site.Road.At(s, right, crossing ? 0 : site.Height), dice.Range(0, 2 * Math.PI));
        }
    }

    private static void Person(World world, Site site, Dice dice, Vec foot, double heading)
    {
        double tall = dice.Range(1.5, 1.9) * (dice.Chance(0.12) ? 0.65 : 1), stride = dice.Range(0.03, 0.2) * tall;
        Vec along = new(Portable.Sin(heading), 0, Portable.Cos(heading)), across = new(along.Z, 0, -along.X);
        Vec At(double forward, double right, double up) => foot + along * forward + across * (right * tall) + new Vec(0, up * tall, 0);
        void Limb(Vec colour, double width, double taper, params Vec[] points) => world.Strips.Add(new Strip
        {
            Class = SynthClass.Person,
            Material = Material.Plain(colour),
            Points = points,
            Width = width * tall,
            Taper = taper,
            CanCut = false,
        });

        Vec coat = dice.Pick(site.Assets.Cloths), trousers = dice.Pick(site.Assets.Cloths) * 0.6, skin = dice.Pick(site.Assets.Skins),
            hair = skin * 0.2;
        Limb(trousers, 0.085, 1.2, At(stride, 0.05, 0), At(stride * 0.6, 0.05, 0.25), At(0, 0.05, 0.5));
        Limb(trousers, 0.085, 1.2, At(-stride, -0.05, 0), At(-stride * 0.2, -0.05, 0.26), At(0, -0.05, 0.5));
        Limb(coat, 0.19, 1.25, At(0, 0, 0.45), At(0, 0, 0.6), At(0, 0, 0.78));
        Limb(coat, 0.24, 0.35, At(0, 0, 0.78), At(0, 0, 0.83));
        Limb(coat, 0.065, 0.8, At(0, 0.12, 0.8), At(-stride * 0.5, 0.16, 0.62), At(-stride * 0.2, 0.15, 0.45));
        Limb(coat, 0.065, 0.8, At(0, -0.12, 0.8), At(stride * 0.5, -0.16, 0.62), At(stride * 0.9, -0.15, 0.47));
        Limb(skin, 0.06, 1.4, At(0, 0, 0.82), At(0, 0, 0.88));
        Limb(skin, 0.085, 1.3, At(0, 0, 0.865), At(0, 0, 0.93));
        Limb(hair, 0.115, 0.6, At(0, 0, 0.93), At(0, 0, 1));
    }
}
