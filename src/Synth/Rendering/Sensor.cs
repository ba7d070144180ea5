using SpGpu.Data;
using SpGpu.Synth.Geometry;
using SpGpu.Synth.Numerics;

namespace SpGpu.Synth.Rendering;

/// <summary>Turns light into bytes as a small camera does: exposure, blur, vignette, noise, gamma.</summary>
internal static class Sensor
{
    public static RgbImage Expose(Vec[] light, int width, int height, Dice dice)
    {
        double mean = light.Average(c => c.Y);
        double exposure = dice.Range(0.24, 0.42) / Math.Max(mean, 0.02);
        double blur = dice.Range(0, 0.12), vignette = dice.Range(0, 0.35), grain = dice.Range(0.003, 0.013);
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0, to = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double dx = 2.0 * x / width - 1, dy = 2.0 * y / height - 1;
                Vec colour = Blurred(light, width, height, x, y, blur) * (exposure * (1 - vignette * (dx * dx + dy * dy) / 2));
                pixels[to++] = Develop(colour.X, grain, dice);
                pixels[to++] = Develop(colour.Y, grain, dice);
                pixels[to++] = Develop(colour.Z, grain, dice);
            }
        }
        return new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb);
    }

    private static Vec Blurred(Vec[] light, int width, int height, int x, int y, double share)
    {
        Vec At(int column, int row) => light[Math.Clamp(row, 0, height - 1) * width + Math.Clamp(column, 0, width - 1)];
        Vec sides = At(x - 1, y) + At(x + 1, y) + At(x, y - 1) + At(x, y + 1);
        return At(x, y) * (1 - 4 * share) + sides * share;
    }

    private static byte Develop(double light, double grain, Dice dice)
    {
        // Bright light is compressed rather than cut off; noise grows with the root of the light.
        double compressed = light / (1 + 0.35 * light);
        double noise = dice.Around(1) + dice.Around(1);
        double value = Math.Sqrt(Math.Max(0, compressed)) + noise * grain * 1.7;
        return (byte)Math.Clamp(value * 255 + 0.5, 0, 255);
    }
}
