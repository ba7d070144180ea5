using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Rendering;

/// <summary>The colour of a material at a point of a surface.</summary>
internal static class Texturing
{
    /// <param name="material">The material.</param>
    /// <param name="u">Metres along.</param>
    /// <param name="v">Metres up.</param>
    /// <param name="footprint">Metres that a pixel covers there: detail below that fades instead of flickering.</param>
    /// <param name="seed">Tells scenes apart.</param>
    public static Vec At(Material material, double u, double v, double footprint, uint seed)
    {
        if (material.Windows is { } grid && InWindow(grid, u, v, footprint, seed) is { } pane)
            return pane;
        double scale = material.Scale;
        double detail = Math.Clamp(scale / (footprint * 1.5), 0, 1);
        double stains = Noise.At(u * 0.7, v * 0.7, seed + 1);
        double mix = material.Texture switch
        {
            Texture.Grainy => Blend(Noise.At(u / scale, v / scale, seed + 2), detail) * 0.5
                + Step(Noise.At(u * 0.13, v * 0.13, seed + 3)) * 0.35,
            Texture.Slabs => Joints(u / scale, v / scale, detail, seed),
            Texture.Bricks => Joints(u / scale + (Odd(v / (scale * 0.4)) ? 0.5 : 0), v / (scale * 0.4), detail, seed),
            Texture.Streaks => Blend(Noise.At(u * 4, v / scale, seed + 4), detail) * 0.8,
            _ => stains * 0.3,
        };
        return Vec.Lerp(material.Colour, material.Second, mix) * (0.85 + 0.3 * stains);
    }

    /// <summary>Mortar between stones, and every stone of its own tone.</summary>
    private static double Joints(double x, double y, double detail, uint seed)
    {
        double left = Math.Floor(x), top = Math.Floor(y);
        bool joint = x - left < 0.07 || y - top < 0.12;
        double tone = Noise.Cell((int)left, (int)top, seed + 5) * 0.4;
        return Blend(joint ? 0.9 : tone, detail, 0.3);
    }

    private static Vec? InWindow(WindowGrid grid, double u, double v, double footprint, uint seed)
    {
        double column = Math.Floor(u / grid.Pitch), storey = Math.Floor(v / grid.Storey);
        double x = Math.Abs(u - (column + 0.5) * grid.Pitch) / grid.Width * 2;
        double y = Math.Abs(v - (storey + 0.55) * grid.Storey) / grid.Height * 2;
        if (x > 1 || y > 1 || v < 0)
            return null;
        if (x > 0.88 || y > 0.92 || (x < 0.06 && footprint < 0.1))
            return grid.Frame;
        // Panes differ: curtains, reflections of the sky, dark rooms.
        double tone = Noise.Cell((int)column, (int)storey, seed + 6);
        return grid.Glass * (0.5 + 1.3 * tone * tone + 0.25 * y);
    }

    private static bool Odd(double row) => ((int)Math.Floor(row) & 1) != 0;

    private static double Blend(double value, double detail, double mean = 0.5) => mean + (value - mean) * detail;

    private static double Step(double noise) => Math.Clamp((noise - 0.55) * 12, 0, 1);
}
