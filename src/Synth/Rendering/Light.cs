using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Rendering;

/// <summary>Sun, sky and air of a scene.</summary>
/// <param name="ToSun">The direction of the sun.</param>
/// <param name="Sun">The colour of its light.</param>
/// <param name="Zenith">The colour of the sky above, which also lights what the sun does not reach.</param>
/// <param name="Horizon">The colour of the sky below, into which fog fades.</param>
/// <param name="Fog">How much of the light fog takes in a metre.</param>
/// <param name="Clouds">The share of the sky that clouds cover.</param>
internal sealed record Light(Vec ToSun, Vec Sun, Vec Zenith, Vec Horizon, double Fog, double Clouds)
{
    public static Light Roll(Dice dice)
    {
        double height = dice.Range(0.2, 1.2), azimuth = dice.Range(0, 2 * Math.PI);
        Vec toSun = new(Portable.Cos(height) * Portable.Cos(azimuth), Portable.Sin(height), Portable.Cos(height) * Portable.Sin(azimuth));
        double clouds = dice.Range(0, 1);
        // The more clouds, the less sun; every fifth day has none of it.
        double sun = dice.Chance(0.2) ? dice.Range(0, 0.12) : dice.Range(1.6, 3.2) * (1 - 0.4 * clouds);
        Vec warm = Vec.Lerp(new Vec(1, 0.62, 0.35), new Vec(1, 0.95, 0.86), Math.Min(1, height * 1.6));
        Vec zenith = Vec.Lerp(new Vec(0.13, 0.30, 0.68), new Vec(0.55, 0.58, 0.62), clouds);
        Vec horizon = Vec.Lerp(new Vec(0.62, 0.74, 0.88), warm * 0.85, dice.Range(0, 0.6));
        return new Light(toSun, warm * sun, zenith, horizon,
            dice.Chance(0.12) ? dice.Range(0.006, 0.014) : dice.Range(0.0005, 0.004), clouds);
    }

    /// <summary>The colour of the sky in a direction.</summary>
    public Vec Sky(Vec direction, uint seed)
    {
        Vec ray = direction.Unit();
        double up = Math.Max(ray.Y, 0);
        double low = (1 - up) * (1 - up);
        Vec clear = Vec.Lerp(Zenith, Horizon, low * low);
        double k = 1.5 / (up + 0.12);
        double billows = 0.6 * Noise.At(ray.X * k, ray.Z * k, seed) + 0.4 * Noise.At(ray.X * k * 3, ray.Z * k * 3, seed + 1);
        double cover = Math.Clamp((billows - 0.8 + 0.6 * Clouds) * 4, 0, 1) * Math.Min(1, up * 6);
        Vec cloud = Vec.Lerp(Horizon, new Vec(0.9, 0.9, 0.92), billows);
        double glare = Math.Max(0, ray.Dot(ToSun));
        glare *= glare;
        glare *= glare;
        return Vec.Lerp(clear, cloud, cover * 0.8) + Sun * (glare * glare * 0.25);
    }
}
