using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>
/// Puts up what stands or hangs at a slant, of the poles' class and material: trestles, shores against houses, booms
/// over the road and flagstaffs. Upright things would otherwise be nearly all that is a pole.
/// </summary>
internal static class PropBuilder
{
    public static void Build(World world, Site site, Dice dice)
    {
        for (int i = dice.Count(1, 3); i > 0; i--)
            Trestle(world, site, dice);
        if (dice.Chance(0.65))
            Boom(world, site, dice);
    }

    /// <summary>Two or three poles that lean together and cross, with a rail over them now and then.</summary>
    private static void Trestle(World world, Site site, Dice dice)
    {
        double s = dice.Range(5, 14), right = Side(dice) * (site.HalfRoad + dice.Range(0.5, 2)), height = dice.Range(1.3, 3.2),
            width = dice.Range(0.13, 0.2);
        double spread = height * dice.Range(0.4, 1.3), turn = dice.Range(0, 2 * Math.PI), past = dice.Range(1, 1.4);
        Vec foot = site.Road.At(s, right, site.Height), crossing = foot + new Vec(0, height / past, 0);
        int legs = dice.Count(2, 3);
        for (int leg = 0; leg < legs; leg++, turn += 2 * Math.PI / legs)
        {
            Vec end = foot + new Vec(Portable.Cos(turn), 0, Portable.Sin(turn)) * spread;
            Pole(world, site, width, end, end + (crossing - end) * past);
        }
        if (dice.Chance(0.4))
            Pole(world, site, width, crossing,
                crossing + new Vec(Portable.Sin(turn), dice.Around(0.8), -Portable.Cos(turn)) * dice.Range(1.5, 3));
    }

    /// <summary>A barrier's boom, somewhere between shut and open.</summary>
    private static void Boom(World world, Site site, Dice dice)
    {
        double s = dice.Range(7, 15), lift = dice.Range(-0.05, 1.2), length = dice.Range(4, 7.5);
        int side = Side(dice);
        Vec foot = site.Road.At(s, side * (site.HalfRoad + 0.5), site.Height), hinge = foot + new Vec(0, 1, 0);
        Vec level = site.Road.Right(s) * -side + site.Road.Along(s) * dice.Around(0.6);
        Pole(world, site, 0.25, foot, hinge + new Vec(0, 0.15, 0));
        Pole(world, site, dice.Range(0.15, 0.24), hinge,
            hinge + level.Unit() * (length * Portable.Cos(lift)) + new Vec(0, length * Portable.Sin(lift), 0));
    }

    /// <summary>Shores that hold up a front, or staffs that stick out of it.</summary>
    /// <param name="world">Where they go.</param>
    /// <param name="site">The street.</param>
    /// <param name="dice">Chance.</param>
    /// <param name="corner">The front's lower corner.</param>
    /// <param name="along">The unit direction along the front.</param>
    /// <param name="out_">The unit direction away from it.</param>
    /// <param name="size">How far it goes along and up.</param>
    public static void OnFront(World world, Site site, Dice dice, Vec corner, Vec along, Vec out_, (double Along, double Up) size)
    {
        bool shores = dice.Chance(0.5);
        double width = dice.Range(0.15, 0.24), up = Math.Min(dice.Range(1.5, 5), size.Up - 0.3), lean = dice.Around(3),
            lift = dice.Range(-0.1, 1), length = dice.Range(1.8, 3.5);
        double x = dice.Range(0.5, size.Along / 2), every = dice.Range(1.8, 4);
        for (int i = dice.Count(2, 4); i > 0 && x < size.Along; i--, x += every)
        {
            Vec place = corner + along * x, high = place + new Vec(0, up, 0);
            Vec end = shores
                ? place + along * lean + out_ * Math.Min(up, site.Pavement - 0.8) + new Vec(0, site.Height, 0)
                : high + along * (lean * 0.3) + out_ * (length * Portable.Cos(lift)) + new Vec(0, length * Portable.Sin(lift), 0);
            Pole(world, site, width, high, end);
        }
    }

    private static int Side(Dice dice) => dice.Chance(0.5) ? 1 : -1;

    private static void Pole(World world, Site site, double width, Vec from, Vec to) =>
        world.Strips.Add(new Strip { Class = SynthClass.Pole, Material = site.Post, Points = [from, to], Width = width });
}
