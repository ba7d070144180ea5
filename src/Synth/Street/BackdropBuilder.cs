using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Street;

/// <summary>Closes the view: woods at the horizon, or in a town the blocks of other streets.</summary>
internal static class BackdropBuilder
{
    private const double Distance = 240, Reach = 1.75;

    public static void Build(World world, Site site, Dice dice)
    {
        bool town = site.Kind == StreetKind.Town;
        double step = town ? 0.07 : 0.012, height = town ? dice.Range(12, 25) : dice.Range(4, 14);
        Material woods = site.Textured(Texture.Grainy, site.Leaves * 0.6, 1.2);
        var windows = new WindowGrid(3, 3.2, 1.5, 1.6, new Vec(0.1, 0.12, 0.15), new Vec(0.5, 0.5, 0.5));
        for (double angle = -Reach; angle < Reach; angle += step)
        {
            Vec foot = At(angle), next = At(angle + step);
            // Crowns rise and fall with their neighbours; roofs are level and differ from house to house.
            double left = height * (town ? dice.Range(0.6, 1.3) : (0.6 + 0.8 * Noise.At(angle * 14, 0, 77)) * dice.Range(0.8, 1.2));
            double right = town ? left : left * dice.Range(0.8, 1.1);
            Material front = town ? site.Textured(Texture.Plain, dice.Pick(site.Assets.Walls), 0.3) with { Windows = windows } : woods;
            world.Ground.Add(town ? SynthClass.Building : SynthClass.Vegetation, front, foot, next, next + new Vec(0, right, 0),
                foot + new Vec(0, left, 0));
        }
    }

    private static Vec At(double angle) => new(Portable.Sin(angle) * Distance, -0.1, Portable.Cos(angle) * Distance);
}
